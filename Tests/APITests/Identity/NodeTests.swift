import Testing

@Suite(.timeLimit(.minutes(3))) struct NodeTests {
    private static let nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"

    @Test func `objects of several kinds are answered in the order of their ids`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            func user(_ token: String) throws -> String {
                try #require(server.ask("{ viewer { user { id } } }", token: token)["data.viewer.user.id"])
            }
            let (idaID, eveID) = (try user(ida.access), try user(eve.access))
            let ids = [
                ida.session, eveID, "nonsense", "usr_00000000000000000000000000", idaID, eve.session, eveID, "", "usr_",
            ]
            let answer = try server.ask(Self.nodes, ["ids": ids], token: ida.access)
            #expect(
                answer.text == """
                    {"data":{"nodes":[{"__typename":"AuthSession","id":"\(ida.session)"},\
                    {"__typename":"User","id":"\(eveID)"},null,null,{"__typename":"User","id":"\(idaID)"},null,\
                    {"__typename":"User","id":"\(eveID)"},null,null]}}
                    """
            )
        }
    }

    @Test func `no more than a hundred are asked for at once, and by nobody unknown`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let ids = Array(repeating: ida.session, count: 101)
            #expect(try server.ask(Self.nodes, ["ids": ids], token: ida.access).errorCode == "BAD_USER_INPUT")
            #expect(try server.ask(Self.nodes, ["ids": [ida.session]]).errorCode == "UNAUTHENTICATED")
            #expect(try server.ask(Self.nodes, ["ids": []], token: ida.access).text == #"{"data":{"nodes":[]}}"#)
        }
    }

    @Test func `all ids of one kind are one statement`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let others = try (0..<5).map { try server.register("other\($0)") }
            #expect(try server.viewer(ida.access) == "ida")
            let before = try await server.statements()
            _ = try server.ask(Self.nodes, ["ids": others.map(\.session) + [ida.session]], token: ida.access)
            #expect(try await server.statements() == before + 1)
        }
    }
}
