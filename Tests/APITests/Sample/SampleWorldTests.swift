import Actions
import Data
import EventLoop
import Testing

@Suite(.timeLimit(.minutes(3))) struct SampleWorldTests {
    private static let census = """
        SELECT concat_ws(' ', (SELECT count(*) FROM users), (SELECT count(*) FROM user_roles),
            (SELECT count(*) FROM teams), (SELECT count(*) FROM team_members),
            (SELECT count(*) FROM groups), (SELECT count(*) FROM rooms), (SELECT count(*) FROM messages),
            (SELECT max(updated_at) FROM users), (SELECT max(xmin::text::bigint) FROM team_members))
        """

    @Test func `its people sign in, and hold the roles they are said to hold`() async throws {
        try await APIServer.with { server in
            try await server.seed()
            let tokens = try server.tokens(
                server.askSignIn("mara@atrium.example", SampleWorld.password),
                "data.signIn.outcome"
            )
            let answer = try server.ask("{ viewer { emailVerified user { displayName roles } } }", token: tokens.access)
            #expect(
                answer.text == """
                    {"data":{"viewer":{"emailVerified":true,"user":{"displayName":"Mara Lindqvist",\
                    "roles":["MEMBER","SUPER_ADMIN"]}}}}
                    """
            )
            #expect(try server.sql("SELECT count(DISTINCT role) FROM team_members") == "5")
        }
    }

    @Test func `its people talk, and find what they may see`() async throws {
        try await APIServer.with { server in
            try await server.seed()
            let query = """
                { viewer { rooms { totalCount nodes { title lastSeq } } } messageSearch(query: "cable") { nodes { body } } }
                """
            var found: [String: String] = [:]
            for name in ["elif", "samuel"] {
                let tokens = try server.tokens(
                    server.askSignIn("\(name)@atrium.example", SampleWorld.password),
                    "data.signIn.outcome"
                )
                let answer = try server.ask(query, token: tokens.access)
                found[name] =
                    "\(answer["data.viewer.rooms.totalCount"] ?? "") \(answer.count("data.messageSearch.nodes"))"
            }
            #expect(found == ["elif": "4 1", "samuel": "3 0"])
        }
    }

    @Test func `making it again changes nothing, and adds what is missing`() async throws {
        try await APIServer.with { server in
            try await server.seed()
            let before = try server.sql(Self.census)
            try await server.seed()
            #expect(try server.sql(Self.census) == before)
            try server.sql(
                "UPDATE teams SET name = 'Northern Light' WHERE slug = 'northlight'; DELETE FROM teams WHERE slug = 'open-library'"
            )
            try await server.seed()
            #expect(
                try server.sql("SELECT string_agg(name, ', ' ORDER BY slug) FROM teams")
                    == "Harbour Robotics, Northern Light, Open Library"
            )
        }
    }

    @Test func `a database of other people is left alone`() async throws {
        try await APIServer.with { server in
            try server.register("tomas")
            let isThere = try await server.start { try await SampleSeeding($0).runUnlessOthersAreThere() }
            #expect(!isThere)
            await #expect(throws: SampleSeeding.NameTaken.self) { try await server.seed() }
            #expect(try server.sql("SELECT count(*) FROM users") == "1")
        }
    }

    @Test func `an administrator is made once, and only with a good password`() async throws {
        try await APIServer.with { server in
            let weak = try await server.createAdmin("root@example.org", password: "password1")
            guard case .failure(let faults) = weak else {
                Issue.record("a weak password was taken")
                return
            }
            #expect(faults.all.map(\.code) == [.weakPassword])
            #expect(try await server.createAdmin("root@example.org") == .success("admin"))
            guard case .failure(let taken) = try await server.createAdmin("ROOT@example.org") else {
                Issue.record("an address was taken twice")
                return
            }
            #expect(taken.all.map(\.code) == [.emailTaken, .usernameTaken])
            let tokens = try server.signIn("admin")
            let roles = try server.ask("{ viewer { user { roles } } }", token: tokens.access)
            #expect(roles["data.viewer.user.roles.1"] == "SUPER_ADMIN")
            #expect(try server.sql("SELECT action FROM audit_logs ORDER BY sequence LIMIT 1") == "admin.create")
        }
    }
}

extension APIServer {
    /// Runs what an operator would run, on the loop.
    func start<Value: Sendable>(
        _ body: @escaping @Sendable (IdentityServices) async throws -> Value
    ) async throws -> Value {
        try await group.loops[0].start { [identity] in try await body(identity) }
    }

    func seed() async throws { try await start { try await SampleSeeding($0).run() } }

    fileprivate func createAdmin(
        _ email: String,
        password secret: String = password
    ) async throws -> Result<String, AccountFaults> {
        try await start { services in
            try await AdminCreate(services)
                .run(email: email, displayName: "Root", username: "admin", password: secret)
        }
    }
}
