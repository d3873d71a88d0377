import Testing

@Suite struct UserListTests {
    /// The user names of a page.
    private func names(_ server: APIServer, _ arguments: String, _ token: TestTokens) throws -> [String] {
        let answer = try server.ask("{ users(\(arguments)) { nodes { username } } }", token: token.access)
        let count = answer.count("data.users.nodes")
        try #require(answer.errorCode == nil, "\(answer.text)")
        return (0..<count).compactMap { answer["data.users.nodes.\($0).username"] }
    }

    @Test func `people are searched, filtered and sorted by those who may`() async throws {
        try await APIServer.with { server in
            let support = try server.register("support_er", as: "SUPPORT")
            for name in ["ida", "Ben", "carla", "a_b", "axb"] { try server.register(name) }
            try server.sql("UPDATE users SET status = 'SUSPENDED' WHERE username = 'carla'")
            try server.sql("UPDATE users SET status = 'DELETED', email = NULL WHERE username = 'axb'")
            func found(_ arguments: String) throws -> [String] { try names(server, arguments, support) }
            let byName = "orderBy: {field: USERNAME}"
            #expect(try found("first: 10") == ["a_b", "carla", "Ben", "ida", "support_er"])
            #expect(try found(byName) == ["a_b", "Ben", "carla", "ida", "support_er"])
            #expect(try found("orderBy: {field: USERNAME, direction: DESC}, first: 2") == ["support_er", "ida"])
            #expect(try found("orderBy: {field: CREATED_AT}, first: 2") == ["support_er", "ida"])
            #expect(try found("\(byName), filter: {search: \"EN@exam\"}") == ["Ben"])
            #expect(try found("\(byName), filter: {search: \"_\"}") == ["a_b", "support_er"])
            #expect(try found("\(byName), filter: {search: \"%\"}") == [])
            #expect(try found("\(byName), filter: {statuses: [SUSPENDED, DELETED]}") == ["carla"])
            #expect(try found("\(byName), filter: {statuses: []}") == [])
            #expect(try found("\(byName), filter: {roles: [SUPPORT, ADMIN]}") == ["support_er"])
            #expect(try found("\(byName), filter: {since: \"2100-01-01T00:00:00Z\"}") == [])
            #expect(try found("\(byName), filter: {until: \"2000-01-01T00:00:00Z\"}") == [])
            let owner = try server.signIn("ida")
            let team = try server.makeTeam("crew", by: owner)
            #expect(try found("\(byName), filter: {teamId: \"\(team)\"}") == ["ida"])
            #expect(try found("\(byName), filter: {teamId: \"usr_1\"}") == [])
            let list = "{ users(filter: {search: \"ida\"}) { totalCount nodes { email } } }"
            let seen = try server.ask(list, token: support.access)
            #expect(seen["data.users.totalCount"] == "1")
            #expect(seen["data.users.nodes.0.email"] == "ida@example.org")
            #expect(try server.ask(list, token: owner.access)["errors.0.extensions.reason"] == "MISSING_ROLE")
        }
    }

    @Test(arguments: [
        "field: CREATED_AT, direction: DESC", "field: CREATED_AT", "field: USERNAME",
        "field: USERNAME, direction: DESC",
    ])
    func `pages in either direction make up the list, whatever the order`(order: String) async throws {
        try await APIServer.with { server in
            let support = try server.register("mmm", as: "SUPPORT")
            for name in ["Zoe", "abc", "Abd", "yak", "bob"] { try server.register(name) }
            let all = try names(server, "orderBy: {\(order)}", support)
            #expect(all.count == 6)
            for (size, behind) in [("first", "after"), ("last", "before")] {
                var collected: [String] = []
                var cursor: String?
                repeat {
                    let place = cursor.map { ", \(behind): \"\($0)\"" } ?? ""
                    let answer = try server.ask(
                        """
                        { users(orderBy: {\(order)}, \(size): 2\(place)) {
                            nodes { username } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }
                        """,
                        token: support.access
                    )
                    let page = (0..<answer.count("data.users.nodes"))
                        .compactMap { answer["data.users.nodes.\($0).username"] }
                    collected = size == "first" ? collected + page : page + collected
                    let hasMore = size == "first" ? "hasNextPage" : "hasPreviousPage"
                    let end = size == "first" ? "endCursor" : "startCursor"
                    cursor =
                        answer["data.users.pageInfo.\(hasMore)"] == "1" ? answer["data.users.pageInfo.\(end)"] : nil
                } while cursor != nil
                #expect(collected == all, "\(size)")
            }
        }
    }

    @Test func `somebody is found by their name, and whether a name is free is told to anybody`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let name = "query ($n: String!) { userByUsername(username: $n) { displayName email } }"
            let ben = try server.register("Ben")
            #expect(
                try server.ask(name, ["n": "BEN"], token: ida.access).text
                    == #"{"data":{"userByUsername":{"displayName":"Ben","email":null}}}"#
            )
            #expect(try server.ask(name, ["n": "Ben"], token: ben.access)["data.userByUsername.email"] != nil)
            for none in ["nobody", "be", "", "b\u{0}n", "' OR true --"] {
                #expect(
                    try server.ask(name, ["n": none], token: ida.access).text == #"{"data":{"userByUsername":null}}"#
                )
            }
            let free = "query ($n: String!) { usernameAvailable(username: $n) }"
            for (name, isFree) in [
                ("carla", true), ("ben", false), ("BEN", false), ("admin", false), ("x", false), ("b\u{0}n", false),
            ] {
                #expect(
                    try server.ask(free, ["n": name]).text == #"{"data":{"usernameAvailable":\#(isFree)}}"#,
                    "\(name)"
                )
            }
        }
    }
}
