import Actions
import Data
import EventLoop
import PostgresClient
import Testing

@Suite(.timeLimit(.minutes(3))) struct AuditStreamTests {
    private static let stream =
        "subscription ($team: ID) { auditStream(teamId: $team) { action outcome actor { username } team { slug } } }"

    private func with(_ body: (APIServer) async throws -> Void) async throws {
        try await APIServer.with {
            $0.auditTailInterval = .milliseconds(20)
        } _: {
            try await body($0)
        }
    }

    @Test func `who may read a team's log hears what is added to it`() async throws {
        try await with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let stream = try LiveStream(server, Self.stream, ["team": team], token: owner.access)
            _ = try server.makeTeam("other", by: server.register("stranger"))
            #expect(
                try server.refusal("teamUpdate(input: {id: $team, description: \"new\"})", ["team": team], owner) == nil
            )
            let first = try #require(try stream.next())
            #expect(first["data.auditStream.action"] == "team.update", "\(first.text)")
            #expect(first["data.auditStream.team.slug"] == "crew")
            #expect(first["data.auditStream.actor.username"] == "owner")
            #expect(try server.sql("SELECT count(*) FROM audit_logs WHERE action = 'audit.stream'") == "1")
        }
    }

    @Test func `entries come in their order, whoever is done first`() async throws {
        try await with { server in
            let rita = try server.register("rita")
            try server.sql("INSERT INTO user_roles (user_id, role) SELECT id, 'ADMIN' FROM users")
            server.pass(seconds: 2)
            let stream = try LiveStream(server, Self.stream, token: rita.access)
            let database = server.database
            func entry(_ action: String) -> NewAuditEntry {
                NewAuditEntry(
                    action: action,
                    outcome: .succeeded,
                    actorID: nil,
                    requestID: "",
                    address: nil,
                    userAgent: ""
                )
            }
            let (slowEntry, quickEntry) = (entry("slow"), entry("quick"))
            try await server.group.loops[0].start {
                try await database.pool.transaction { slow in
                    try await slow.record(slowEntry)
                    try await database.pool.transaction { try await $0.record(quickEntry) }
                    // The log is looked at meanwhile.
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            #expect(try stream.next()?["data.auditStream.action"] == "slow")
            #expect(try stream.next()?["data.auditStream.action"] == "quick")
        }
    }

    @Test func `an entry that was on its way when somebody came is told, though a later one was there`() async throws {
        try await with { server in
            let rita = try server.register("rita")
            try server.sql("INSERT INTO user_roles (user_id, role) SELECT id, 'ADMIN' FROM users")
            server.pass(seconds: 2)
            let slow = try HeldTransaction(
                """
                INSERT INTO audit_logs (action, outcome, actor_kind) VALUES ('slow', 'SUCCEEDED', 'USER');
                PERFORM pg_advisory_xact_lock(7)
                """,
                on: server.connectionString
            )
            try server.register("later")
            let stream = try LiveStream(server, Self.stream, token: rita.access)
            // Its transaction ends when somebody waits for it.
            try server.sql("SELECT pg_advisory_lock(7)")
            try slow.end()
            #expect(try stream.next()?["data.auditStream.action"] == "slow")
        }
    }

    @Test func `others hear nothing, and who may no more hears no more`() async throws {
        try await with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let member = try server.join("member", "crew", as: "MEMBER")
            let admin = try server.join("admina", "crew", as: "ADMIN")
            func refusal(_ variables: [String: Any], _ token: TestTokens) throws -> String? {
                try LiveStream(server, Self.stream, variables, token: token.access).next()?.errorCode
            }
            #expect(try refusal(["team": team], member) == "FORBIDDEN")
            #expect(try refusal([:], owner) == "FORBIDDEN")
            // A team that one does not see has no entries.
            #expect(
                try LiveStream(server, Self.stream, ["team": team], token: server.register("stranger").access).next()
                    == nil
            )
            let stream = try LiveStream(server, Self.stream, ["team": team], token: admin.access)
            try server.sql("UPDATE team_members SET role = 'MEMBER' WHERE role = 'ADMIN'")
            #expect(
                try server.refusal("teamUpdate(input: {id: $team, description: \"new\"})", ["team": team], owner) == nil
            )
            let last = try stream.next()
            #expect(last?["data.auditStream.action"] == nil)
        }
    }

    @Test func `not more listen than may, and a place is free when somebody leaves`() async throws {
        try await APIServer.with {
            $0.auditTailInterval = .milliseconds(20)
            $0.auditListeners = 1
        } _: { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            var stream: LiveStream? = try LiveStream(server, Self.stream, ["team": team], token: owner.access)
            let refused = try LiveStream(server, Self.stream, ["team": team], token: owner.access)
            #expect(try refused.next()?.errorCode == "SERVICE_UNAVAILABLE")
            withExtendedLifetime(stream) {}
            stream = nil
            for _ in 0..<200 where server.identity.auditTail.listeners > 0 {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(server.identity.auditTail.listeners == 0)
        }
    }
}
