import Actions
import GraphQLSchema
import Testing

@testable import Resolvers

/// What `@auth(permission:, on:)` declares, held before a field is answered and again when something is changed.
@Suite struct DeclaredPermissionTests {
    private static let roles: [Actions.PlatformRole: Set<PlatformPermission>] = [
        .moderator: [.roomModerate],
        .support: [.userRead, .systemRead],
        .admin: [
            .userRead, .systemRead, .userManage, .userRoleManage, .notificationBroadcast, .auditRead, .roomModerate,
        ],
        .superAdmin: Set(PlatformPermission.allCases),
    ]

    @Test func `each platform role holds what docs/identity says, and no other anything`() {
        for role in Actions.PlatformRole.allCases { #expect(role.permissions == Self.roles[role] ?? [], "\(role)") }
        let declared =
            PlatformPermission.allCases.map(\.rawValue) + TeamPermission.allCases.map(\.rawValue)
            + GroupPermission.allCases.map(\.rawValue)
        // One is of both: it is of the group where a field names one.
        #expect(Set(declared).count == declared.count - 1)
        #expect(Set(Permission.allCases.map(\.rawValue)) == Set(declared))
    }

    @Test func `the viewer sees what their roles allow`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let permissions = "{ viewer { permissions } }"
            #expect(
                try server.ask(permissions, token: ida.access).text == #"{"data":{"viewer":{"permissions":[]}}}"#
            )
            try server.sql("INSERT INTO user_roles (user_id, role) SELECT id, 'SUPPORT' FROM users")
            server.pass(seconds: 2)
            #expect(
                try server.ask(permissions, token: ida.access).text
                    == #"{"data":{"viewer":{"permissions":["USER_READ","SYSTEM_READ"]}}}"#
            )
        }
    }

    @Test(arguments: [
        ("Query", "broken: Int @auth(permission: TEAM_READ)", "Query.broken"),
        ("Query", "broken(id: ID): Int @auth(permission: TEAM_READ, on: \"id\")", "Query.broken"),
        ("Mutation", "broken(id: ID): Int @auth(permission: TEAM_READ, on: \"team\")", "Mutation.broken"),
        ("Mutation", "broken(id: Int): Int @auth(permission: TEAM_READ, on: \"id\")", "Mutation.broken"),
        ("Mutation", "broken(id: [ID]): Int @auth(permission: TEAM_READ, on: \"id\")", "Mutation.broken"),
        ("Mutation", "broken(in: In): Int @auth(permission: TEAM_READ, on: \"in.name\")", "Mutation.broken"),
        ("Mutation", "broken(id: ID): Int @auth(permission: USER_READ, on: \"id\")", "Mutation.broken"),
        ("Mutation", "broken: Int @auth(permission: USER_EAT)", "Mutation.broken"),
        ("Mutation", "broken(id: Int): Int @auth(permission: ROOM_MODERATE, on: \"id\")", "Mutation.broken"),
        ("Mutation", "broken(id: ID): Int @auth(permission: GROUP_UPDATE)", "Mutation.broken"),
        ("Mutation", "broken(id: [ID]): Int @auth(permission: ROOM_PIN, on: \"id\")", "Mutation.broken"),
        ("Query", "broken(id: ID): Int @auth(permission: GROUP_UPDATE, on: \"id\")", "Query.broken"),
        ("Team", "broken: Int @auth(permission: GROUP_UPDATE)", "Team.broken"),
        ("User", "broken: Int @auth(permission: TEAM_READ)", "User.broken"),
    ])
    func `a permission that nothing can be held against keeps the server from starting`(
        type: String,
        field: String,
        coordinate: String
    ) throws {
        let schema = try Schema(
            sdl: """
                directive @auth(permission: Permission, on: String) on FIELD_DEFINITION
                enum Permission { TEAM_READ USER_READ USER_EAT GROUP_UPDATE ROOM_PIN ROOM_MODERATE }
                input In { id: ID name: String }
                type Query { team: Team @auth(permission: USER_READ) }
                type Mutation {
                    fine(in: In): Int @auth(permission: TEAM_READ, on: "in.id")
                    good(in: In): Int @auth(permission: GROUP_UPDATE, on: "in.id")
                    ofGroup(id: ID): Int @auth(permission: ROOM_MODERATE, on: "id")
                    ofPlatform(id: ID): Int @auth(permission: ROOM_MODERATE)
                }
                type Team { invites: Int @auth(permission: TEAM_READ) }
                type User { id: ID }
                extend type \(type) { \(field) }
                """
        )
        #expect(throws: UnguardedFields(coordinates: [], unfound: [coordinate])) { try schema.mustBeGuarded() }
    }

    @Test func `fields of many teams are refused team by team, without a statement for it`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let own = try server.makeTeam("aaa", by: ida)
            let ben = try server.register("ben")
            _ = try server.makeTeam("bbb", by: ben)
            try server.sql(
                """
                INSERT INTO team_members (team_id, user_id, role)
                SELECT t.id, u.id, 'GUEST' FROM teams t, users u WHERE t.slug = 'bbb' AND u.username = 'ida'
                """
            )
            let invite = "teamInviteCreate(input: {teamId: $team, email: \"a@example.org\", role: GUEST})"
            #expect(try server.refusal(invite, ["team": own], ida) == nil)
            // With the viewer known.
            _ = try server.viewer(ida.access)
            let before = try await server.statements()
            let answer = try server.ask(
                "{ viewer { teams { nodes { slug invites { nodes { email } } } } } }",
                token: ida.access
            )
            #expect(try await server.statements() - before == 2, "teams and invitations")
            #expect(answer["data.viewer.teams.nodes.0.invites.nodes.0.email"] == "a@example.org", "\(answer.text)")
            #expect(answer.text.contains(#"{"slug":"bbb","invites":null}"#), "\(answer.text)")
            #expect(answer["errors.0.extensions.reason"] == "MISSING_ROLE")
            #expect(answer.count("errors") == 1)
        }
    }

    @Test func `what a mutation is refused costs one statement, and is written to the log`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let guest = try server.join("guest", "crew", as: "GUEST")
            _ = try server.viewer(guest.access)
            let before = try await server.statements()
            let update = "teamUpdate(input: {id: $team, description: \"x\"})"
            #expect(try server.refusal(update, ["team": team], guest) == "FORBIDDEN")
            #expect(try await server.statements() - before == 1)
            #expect(
                try server.sql(
                    """
                    SELECT string_agg(action || ' ' || error_code || ' ' || (team_id IS NOT NULL), ',') FROM audit_logs
                    WHERE outcome = 'REFUSED'
                    """
                ) == "team.update FORBIDDEN true"
            )
        }
    }

    @Test func `a role that is taken while a change waits allows nothing any more`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let admin = try server.join("admina", "crew", as: "ADMIN")
            let demote = """
                PERFORM 1 FROM teams FOR UPDATE;
                UPDATE team_members SET role = 'GUEST' WHERE role = 'ADMIN'
                """
            let held = try HeldTransaction(demote, on: server.connectionString)
            let update = "teamUpdate(input: {id: $team, description: \"mine\"})"
            #expect(try server.refusal(update, ["team": team], admin) == "FORBIDDEN")
            try held.end()
            #expect(try server.sql("SELECT description FROM teams") == "")
        }
    }

    @Test func `what was found for one mutation is not there for the next`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let answer = try server.ask(
                """
                mutation ($t: ID!) {
                    a: teamInviteCreate(input: {teamId: $t, email: "a@example.org"}) { userErrors { code } }
                    b: apiKeyCreate(input: {name: "x", scopes: [TEAM_READ]}) { apiKey { team { id } } userErrors { code } }
                    c: teamUpdate(input: {id: "team_1"}) { userErrors { code path } }
                }
                """,
                ["t": team],
                token: owner.access
            )
            #expect(answer.codes("a") == [] && answer.codes("b") == [], "\(answer.text)")
            #expect(answer["data.b.apiKey.team.id"] == nil)
            #expect(answer.codes("c") == ["NOT_FOUND"])
            #expect(answer["data.c.userErrors.0.path.1"] == "id")
        }
    }
}
