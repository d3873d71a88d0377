import Actions
import Testing

/// The matrix of docs/teams.md, by role and by what each mutation answers.
@Suite(.timeLimit(.minutes(3))) struct TeamPermissionTests {
    private static let table: [(permission: TeamPermission, roles: Set<TeamRole>)] = [
        (.read, [.owner, .admin, .billing, .member, .guest]),
        (.update, [.owner, .admin]),
        (.memberManage, [.owner, .admin]),
        (.invite, [.owner, .admin]),
        (.roleManage, [.owner, .admin]),
        (.billing, [.owner, .billing]),
        (.apiKey, [.owner, .admin]),
        (.webhookManage, [.owner, .admin]),
        (.export, [.owner, .admin]),
        (.auditRead, [.owner, .admin]),
        (.delete, [.owner]),
    ]

    @Test func `every permission is held by the roles of the table, and by no others`() {
        #expect(Self.table.map(\.permission) == TeamPermission.allCases)
        for row in Self.table {
            #expect(Set(TeamRole.allCases.filter { $0.may(row.permission) }) == row.roles, "\(row.permission)")
        }
    }

    private static let mutations: [(permission: TeamPermission, text: String)] = [
        (.update, "teamUpdate(input: {id: $team, description: \"new\"})"),
        (.invite, "teamInviteCreate(input: {teamId: $team, email: \"new@example.org\", role: GUEST})"),
        (.roleManage, "teamMemberRoleUpdate(teamId: $team, userId: $user, role: GUEST)"),
        (.memberManage, "teamMemberRemove(teamId: $team, userId: $user)"),
        (.delete, "teamOwnershipTransfer(teamId: $team, toUserId: $user)"),
        (.delete, "teamDelete(id: $team)"),
    ]

    @Test(arguments: TeamRole.allCases) func `each mutation is refused to roles without its permission`(
        role: TeamRole
    ) async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let target = try server.userID(server.join("target", "crew", as: "MEMBER"))
            let actor = role == .owner ? owner : try server.join("actor", "crew", as: role.rawValue)
            for (permission, text) in Self.mutations {
                let variables = ["team": team, "user": target].filter { text.contains("$\($0.key)") }
                // Each may be done once: what is removed is put back.
                let code = try server.refusal(text, variables, actor)
                let isAllowed = role.may(permission)
                #expect(code == (isAllowed ? nil : "FORBIDDEN"), "\(role) \(text)")
                guard isAllowed else { continue }
                try server.sql(
                    """
                    BEGIN;
                    UPDATE teams SET deleted_at = NULL, owner_id = (SELECT id FROM users WHERE username = 'owner');
                    DELETE FROM team_members WHERE user_id IN (SELECT id FROM users WHERE username = 'target');
                    UPDATE team_members SET role = 'OWNER' WHERE user_id =
                        (SELECT id FROM users WHERE username = 'owner');
                    INSERT INTO team_members (team_id, user_id, role) SELECT t.id, u.id, 'MEMBER' FROM teams t, users u
                        WHERE username = 'target';
                    COMMIT
                    """
                )
            }
            let fields = "{ team(id: \"\(team)\") { viewerPermissions invites { nodes { email } } } }"
            let seen = try server.ask(fields, token: actor.access)
            #expect(seen.count("data.team.viewerPermissions") == role.permissions.count)
            #expect((seen["data.team.invites.nodes.0.email"] != nil) == role.may(.invite))
        }
    }

    @Test func `nobody changes who stands above them, nor gives what they do not have`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let admin = try server.join("admina", "crew", as: "ADMIN")
            let member = try server.userID(server.join("member", "crew", as: "MEMBER"))
            let ownerID = try server.userID(owner)
            func asAdmin(_ text: String, _ user: String) throws -> String? {
                try server.refusal(text, ["team": team, "user": user], admin)
            }
            #expect(try asAdmin("teamMemberRemove(teamId: $team, userId: $user)", ownerID) == "LAST_OWNER")
            let role = "teamMemberRoleUpdate(teamId: $team, userId: $user, role:"
            #expect(try asAdmin("\(role) MEMBER)", ownerID) == "LAST_OWNER")
            #expect(try asAdmin("\(role) OWNER)", member) == "FORBIDDEN")
            #expect(try asAdmin("\(role) ADMIN)", member) == nil)
            let invite = "teamInviteCreate(input: {teamId: $team, email: \"x@example.org\", role: OWNER})"
            #expect(try server.refusal(invite, ["team": team], owner) == "FORBIDDEN")
        }
    }

    @Test func `a proof of who one is that is old does not delete a team`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            server.pass(seconds: 700)
            #expect(try server.refusal("teamDelete(id: $team)", ["team": team], owner) == "FORBIDDEN")
            #expect(try server.sql("SELECT count(*) FROM teams WHERE deleted_at IS NULL") == "1")
        }
    }
}
