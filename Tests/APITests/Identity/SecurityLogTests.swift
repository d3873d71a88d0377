import Testing

@Suite(.timeLimit(.minutes(3))) struct SecurityLogTests {
    private static let list = """
        query ($first: Int, $after: String, $last: Int, $before: String) { viewer {
            securityLog(first: $first, after: $after, last: $last, before: $before) {
                edges { cursor node { action } } nodes { action outcome ipAddress }
                pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
                totalCount
            }
        } }
        """
    private static let log = "data.viewer.securityLog"

    @Test func `a list is walked by its cursors, forwards and back`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            for _ in 0..<4 { _ = try server.signIn("ida") }
            _ = try server.register("eve")
            func actions(_ answer: APIAnswer) -> [String] {
                (0..<answer.count("\(Self.log).nodes")).compactMap { answer["\(Self.log).nodes.\($0).action"] }
            }
            let whole = try server.ask(Self.list, token: ida.access)
            #expect(whole["\(Self.log).totalCount"] == "5")
            #expect(actions(whole) == Array(repeating: "session.create", count: 4) + ["account.register"])
            #expect(whole["\(Self.log).nodes.0.outcome"] == "SUCCEEDED")
            #expect(whole["\(Self.log).nodes.0.ipAddress"] == "127.0.0.1")
            let first = try server.ask(Self.list, ["first": 4], token: ida.access)
            #expect(actions(first).count == 4 && first["\(Self.log).pageInfo.hasNextPage"] == "1")
            let end = try #require(first["\(Self.log).pageInfo.endCursor"])
            #expect(first["\(Self.log).edges.3.cursor"] == end)
            let second = try server.ask(Self.list, ["first": 4, "after": end], token: ida.access)
            #expect(actions(second) == ["account.register"])
            #expect(second["\(Self.log).pageInfo.hasNextPage"] == "0")
            #expect(second["\(Self.log).pageInfo.hasPreviousPage"] == "1")
            let start = try #require(second["\(Self.log).pageInfo.startCursor"])
            let back = try server.ask(Self.list, ["last": 1, "before": start], token: ida.access)
            #expect(back["\(Self.log).edges.0.cursor"] == end)
        }
    }

    @Test func `an empty page has no cursors`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let whole = try server.ask(Self.list, token: ida.access)
            let end = try #require(whole["\(Self.log).pageInfo.endCursor"])
            let beyond = try server.ask(Self.list, ["after": end], token: ida.access)
            #expect(beyond.text.contains(#""edges":[],"nodes":[]"#))
            #expect(beyond.text.contains(#""startCursor":null,"endCursor":null"#))
        }
    }

    @Test func `cursors of others, of elsewhere and of nobody are the request's fault`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let cursor = try #require(
                server.ask(Self.list, token: ida.access)["\(Self.log).pageInfo.endCursor"]
            )
            for variables in [
                ["after": cursor + "A"], ["after": ""], ["last": 1, "before": String(cursor.reversed())],
                ["before": cursor], ["last": 1, "after": cursor],
            ] as [[String: Any]] {
                let answer = try server.ask(Self.list, variables, token: ida.access)
                #expect(answer.errorCode == "BAD_USER_INPUT", "\(answer.text)")
            }
            for size in [0, 101, -1] {
                #expect(try server.ask(Self.list, ["first": size], token: ida.access).errorCode == "BAD_USER_INPUT")
            }
        }
    }

    @Test func `how many there are is asked for only when somebody wants to know`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            #expect(try server.viewer(ida.access) == "ida")
            func cost(_ fields: String) async throws -> UInt64 {
                let before = try await server.statements()
                _ = try server.ask("{ viewer { securityLog { \(fields) } } }", token: ida.access)
                return try await server.statements() - before
            }
            _ = try await cost("totalCount")
            #expect(try await cost("nodes { action }") == 1)
            #expect(try await cost("nodes { action } totalCount") == 2)
        }
    }
}
