import Actions
import Foundation
import PostgresClient
import Testing

@Suite(.timeLimit(.minutes(3))) struct AuditReportTests {
    private static let report = """
        query ($team: ID, $since: DateTime!, $until: DateTime, $by: AuditPeriod! = DAY) {
            auditReport(teamId: $team, since: $since, until: $until, by: $by) {
                total byAction { action count } byOutcome { outcome count } byActor { actor { username } count }
                byTime { startsAt count }
            }
        }
        """

    /// A day so many days from today, as dates begin.
    private func day(_ server: APIServer, _ days: Int64) -> String {
        let seconds = server.identity.now.microseconds / 1_000_000 + days * 86_400
        return String(Date(timeIntervalSince1970: Double(seconds)).ISO8601Format().prefix(10))
    }

    @Test func `a report counts what was done, by whom, how it ended and when`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            _ = try server.makeTeam("other", by: server.register("stranger"))
            let member = try server.join("member", "crew", as: "MEMBER")
            for _ in 0..<2 {
                #expect(
                    try server.refusal("teamUpdate(input: {id: $team, description: \"x\"})", ["team": team], member)
                        == "FORBIDDEN"
                )
            }
            let (before, other, after) = (day(server, -11), day(server, -10), day(server, -9))
            // Three of another day, by nobody who is signed in.
            try server.sql(
                """
                INSERT INTO audit_logs (occurred_at, action, outcome, actor_kind, team_id)
                SELECT '\(other)T03:04:05Z', 'x', 'FAILED', 'ANONYMOUS', id FROM teams, generate_series(1, 3)
                WHERE slug = 'crew'
                """
            )
            let since = "\(before)T00:00:00Z"
            let variables = ["team": team, "since": since, "until": "\(day(server, 2))T00:00:00Z"]
            let answer = try server.ask(Self.report, variables, token: owner.access)
            let path = "data.auditReport"
            #expect(answer["\(path).total"] == "7", "\(answer.text)")
            #expect(answer["\(path).byAction.0.action"] == "x" && answer["\(path).byAction.0.count"] == "3")
            #expect(answer["\(path).byAction.1.action"] == "team.update" && answer["\(path).byAction.1.count"] == "2")
            #expect(answer.count("\(path).byAction") == 4)
            #expect(answer["\(path).byOutcome.0.outcome"] == "FAILED" && answer.count("\(path).byOutcome") == 3)
            #expect(answer["\(path).byActor.0.count"] == "3" && answer["\(path).byActor.0.actor.username"] == nil)
            #expect(answer["\(path).byActor.1.count"] == "2")
            #expect(answer["\(path).byTime.0.startsAt"] == "\(other)T00:00:00.000Z")
            #expect(answer["\(path).byTime.0.count"] == "3" && answer.count("\(path).byTime") == 2)
            let hours = ["team": team, "since": since, "until": "\(after)T00:00:00Z", "by": "HOUR"]
            let byHour = try server.ask(Self.report, hours, token: owner.access)
            #expect(byHour["\(path).byTime.0.startsAt"] == "\(other)T03:00:00.000Z", "\(byHour.text)")
            #expect(byHour["\(path).total"] == "3")
            #expect(try server.ask(Self.report, variables, token: member.access).errorCode == "FORBIDDEN")
            let tooLong = ["team": team, "since": "2020-01-01T00:00:00Z"]
            #expect(try server.ask(Self.report, tooLong, token: owner.access).errorCode == "BAD_USER_INPUT")
            let backwards = ["team": team, "since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"]
            #expect(try server.ask(Self.report, backwards, token: owner.access).errorCode == "BAD_USER_INPUT")
            // Who looks is written down.
            #expect(try server.sql("SELECT count(*) FROM audit_logs WHERE action = 'audit.report'") == "2")
        }
    }

    @Test func `all of the log is counted for administrators alone`() async throws {
        try await APIServer.with { server in
            let rita = try server.register("rita")
            let variables = ["since": "\(day(server, -1))T00:00:00Z", "until": "\(day(server, 2))T00:00:00Z"]
            #expect(try server.ask(Self.report, variables, token: rita.access).errorCode == "FORBIDDEN")
            try server.sql("INSERT INTO user_roles (user_id, role) SELECT id, 'ADMIN' FROM users")
            server.pass(seconds: 2)
            let answer = try server.ask(Self.report, variables, token: rita.access)
            #expect(answer["data.auditReport.byActor.0.actor.username"] == "rita", "\(answer.text)")
        }
    }
}
