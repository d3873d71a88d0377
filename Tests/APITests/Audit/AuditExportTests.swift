import Actions
import Data
import EventLoop
import Foundation
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct AuditExportTests {
    private static let export = """
        mutation ($team: ID, $filter: AuditLogFilter, $format: AuditExportFormat! = CSV) {
            auditLogExport(teamId: $team, filter: $filter, format: $format) { url expiresAt userErrors { code path } }
        }
        """

    private func url(_ server: APIServer, _ variables: [String: Any], _ token: TestTokens) throws -> String {
        let answer = try server.ask(Self.export, variables, token: token.access)
        let url = try #require(answer["data.auditLogExport.url"], "\(answer.text)")
        return String(url.dropFirst("https://api.example".count))
    }

    private func get(_ server: APIServer, _ path: String) throws -> (status: String, head: String, body: String) {
        let socket = try server.socket()
        try socket.send("GET \(path) HTTP/1.1\r\nhost: test\r\nuser-agent: =SUM(1)\r\n\r\n")
        let head = try socket.receiveText(through: "\r\n\r\n")
        let status = String(head.dropFirst(9).prefix(3))
        guard head.lowercased().contains("transfer-encoding: chunked") else { return (status, head, "") }
        var body = ""
        while true {
            let size = try socket.receiveText(through: "\r\n").dropLast()
            let count = try #require(Int(size, radix: 16))
            body += try socket.receiveText(exactly: count + 2).dropLast()
            if count == 0 { return (status, head, body) }
        }
    }

    @Test func `a copy holds every entry that was asked for and nothing of other teams`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            _ = try server.makeTeam("other", by: server.register("stranger"))
            // Several stretches, and what people write to break lines, cells and spreadsheets.
            try server.sql(
                """
                INSERT INTO audit_logs (action, outcome, actor_kind, team_id, user_agent, changes)
                SELECT 'bulk', 'SUCCEEDED', 'USER', id, E'=cmd|''/c calc''!A1,\\n"x"',
                    '[{"field": "name", "before": null, "after": "a\\"b,c"}]'
                FROM teams, generate_series(1, 1001) WHERE slug = 'crew'
                """
            )
            let path = try url(server, ["team": team, "filter": ["actions": ["bulk"]]], owner)
            let answer = try get(server, path)
            #expect(answer.status == "200", "\(answer.head)")
            #expect(answer.head.contains("attachment; filename=\"audit-log.csv\"") && answer.head.contains("no-store"))
            let lines = answer.body.components(separatedBy: "\r\n")
            #expect(lines.count == 1_003 && lines.last == "")
            #expect(lines[0].hasPrefix("sequence,id,occurredAt,action,outcome,actorId"))
            #expect(lines[1].contains(#","'=cmd|'/c calc'!A1,"# + "\n" + #"""x""","#), "\(lines[1])")
            #expect(
                lines[1].contains(#""[{""field"":""name"",""before"":null,""after"":""a\""b,c""}]""#),
                "\(lines[1])"
            )
            let numbers = lines[1..<1_002].compactMap { Int($0.prefix { $0 != "," }) }
            #expect(numbers == numbers.sorted(by: >) && Set(numbers).count == 1_001)
            let all = try get(server, url(server, ["team": team, "format": "NDJSON"], owner))
            let objects = try all.body.split(separator: "\n").map {
                try #require(JSONSerialization.jsonObject(with: Foundation.Data($0.utf8)) as? [String: Any])
            }
            #expect(objects.count > 1_003 && objects.allSatisfy { $0["teamId"] as? String == team })
            #expect(objects.last?["action"] as? String == "team.create")
            let changes = objects.first { $0["action"] as? String == "bulk" }?["changes"] as? [[String: Any]]
            #expect(changes?.first?["after"] as? String == "a\"b,c")
            let traces = try server.sql(
                """
                SELECT string_agg(action || ' ' || outcome || ' ' || coalesce(changes -> 0 ->> 'after', ''), ', '
                    ORDER BY sequence) FROM (SELECT * FROM audit_logs WHERE action LIKE 'audit.%' ORDER BY sequence LIMIT 3) t
                """
            )
            #expect(
                traces == "audit.export SUCCEEDED csv, audit.download INITIATED , audit.download SUCCEEDED 1001",
                "\(traces ?? "")"
            )
        }
    }

    @Test(arguments: ["CSV", "NDJSON"])
    func `a copy is written in portions, each in a turn of the loop of its own`(format: String) async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            try server.sql(
                """
                INSERT INTO audit_logs (action, outcome, actor_kind, team_id)
                SELECT 'bulk', 'SUCCEEDED', 'USER', id FROM teams, generate_series(1, 330)
                """
            )
            let variables: [String: Any] = ["team": team, "filter": ["actions": ["bulk"]], "format": format]
            let path = try url(server, variables, owner)
            let download = AuditDownload(server.files)
            let client = ClientInfo(address: nil, userAgent: "tests", requestID: "1")
            let portions = try await server.group.loops[0].start {
                let opened = try await download.open(path).get()
                var portions: [(turn: UInt64, lines: Int)] = []
                _ = try await download.run(opened, from: client) { bytes in
                    portions.append((EventLoop.current?.turn ?? 0, bytes.count { $0 == UInt8(ascii: "\n") }))
                }.get()
                return portions
            }
            #expect(portions.dropFirst().map(\.lines) == Array(repeating: 25, count: 13) + [5])
            #expect(Set(portions.dropFirst().map(\.turn)).count == 14)
        }
    }

    @Test func `an address that was changed, is over or whose owner may no more gives nothing`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let admin = try server.join("admina", "crew", as: "ADMIN")
            let path = try url(server, ["team": team], admin)
            #expect(try get(server, path).status == "200")
            for forged in [
                path.replacingOccurrences(of: "format=csv", with: "format=ndjson"), "/audit/export", path + "x",
            ] {
                #expect(try get(server, forged).status == "403")
            }
            try server.sql("UPDATE team_members SET role = 'MEMBER' WHERE role = 'ADMIN'")
            #expect(try get(server, path).status == "403")
            try server.sql("UPDATE team_members SET role = 'ADMIN' WHERE role = 'MEMBER'")
            #expect(try get(server, path).status == "200")
            try server.sql("UPDATE users SET status = 'SUSPENDED' WHERE username = 'admina'")
            #expect(try get(server, path).status == "403")
            server.pass(seconds: 301)
            #expect(try get(server, url(server, ["team": team], owner)).status == "200")
            let late = try get(server, path)
            #expect(late.status == "403" && !late.head.contains("chunked"))
        }
    }

    @Test func `an address ends with the session or the key that it was asked for by`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let make = """
                mutation ($team: ID!) { apiKeyCreate(input: {teamId: $team, name: "robot", scopes: [AUDIT_READ]}) {
                    apiKey { id } secret userErrors { code }
                } }
                """
            let key = try server.ask(make, ["team": team], token: owner.access)
            let secret = try #require(key["data.apiKeyCreate.secret"], "\(key.text)")
            let robots = try url(server, ["team": team], TestTokens(access: secret, refresh: "", session: ""))
            let owners = try url(server, ["team": team], owner)
            for path in [robots, owners] { #expect(try get(server, path).status == "200") }
            let revoke = "mutation ($id: ID!) { apiKeyRevoke(id: $id) { userErrors { code } } }"
            _ = try server.ask(revoke, ["id": try #require(key["data.apiKeyCreate.apiKey.id"])], token: owner.access)
            #expect(try get(server, robots).status == "403")
            #expect(try get(server, owners).status == "200")
            _ = try server.ask("mutation { signOut { userErrors { code } } }", token: owner.access)
            #expect(try get(server, owners).status == "403")
        }
    }

    @Test func `who may not read the log gets no address, and nobody gets many`() async throws {
        try await APIServer.with {
            $0.auditExportsPerHour = 3
        } _: { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let member = try server.join("member", "crew", as: "MEMBER")
            func codes(_ variables: [String: Any], _ token: TestTokens) throws -> [String] {
                try server.ask(Self.export, variables, token: token.access).codes("auditLogExport")
            }
            #expect(try codes(["team": team], member) == ["FORBIDDEN"])
            #expect(try codes([:], owner) == ["FORBIDDEN"])
            #expect(try codes(["team": team], server.register("stranger")) == ["NOT_FOUND"])
            let long = ["actions": (0..<50).map { String(repeating: "x", count: 90) + "\($0)" }]
            #expect(try codes(["team": team, "filter": long], owner) == ["INVALID_INPUT"])
            #expect(try codes(["team": team], owner) == [])
            #expect(try server.ask(Self.export, ["team": team], token: owner.access).errorCode == "RATE_LIMITED")
        }
    }

    @Test func `a copy that its reader breaks off is in the log, with how much of it was read`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            try server.sql(
                """
                INSERT INTO audit_logs (action, outcome, actor_kind, team_id, user_agent)
                SELECT 'bulk', 'SUCCEEDED', 'USER', id, repeat('x', 2000) FROM teams, generate_series(1, 10000)
                """
            )
            let path = try url(server, ["team": team], owner)
            var reader: TestSocket? = try server.socket()
            try reader?.send("GET \(path) HTTP/1.1\r\nhost: test\r\n\r\n")
            _ = try reader?.receiveText(exactly: 500_000)
            reader = nil
            let ended = """
                SELECT (changes -> 0 ->> 'after')::int BETWEEN 200 AND 9999 FROM audit_logs
                WHERE action = 'audit.download' AND outcome = 'FAILED'
                """
            var found: String?
            for _ in 0..<500 where found == nil {
                found = try server.sql(ended)
                if found == nil { try await Task.sleep(for: .milliseconds(20)) }
            }
            #expect(found == "t")
        }
    }

    @Test func `not more copies are written at a time than may`() async throws {
        try await APIServer.with {
            $0.auditDownloads = 1
        } _: { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            try server.sql(
                """
                INSERT INTO audit_logs (action, outcome, actor_kind, team_id, user_agent)
                SELECT 'bulk', 'SUCCEEDED', 'USER', id, repeat('x', 2000) FROM teams, generate_series(1, 10000)
                """
            )
            let path = try url(server, ["team": team], owner)
            // Somebody who reads nothing holds the only place.
            var slow: TestSocket? = try server.socket()
            try slow?.send("GET \(path) HTTP/1.1\r\nhost: test\r\n\r\n")
            _ = try slow?.receiveText(through: "\r\n\r\n")
            #expect(try get(server, path).status == "503")
            slow = nil
            var status = "503"
            for _ in 0..<200 where status == "503" {
                status = try get(server, path).status
                if status == "503" { try await Task.sleep(for: .milliseconds(20)) }
            }
            #expect(status == "200")
        }
    }
}
