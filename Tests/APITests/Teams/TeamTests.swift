import Testing

@Suite(.timeLimit(.minutes(3))) struct TeamTests {
    @Test func `from making a team to giving it away, deleting and restoring it`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let team = try server.makeTeam("crew", by: ida)
            let max = try server.join("max", "crew", as: "MEMBER")
            let read = try server.ask(
                """
                { team(id: "\(team)") { name slug version memberCount owner { username } viewerMembership { role }
                    viewerCan(permission: TEAM_DELETE)
                    members { totalCount nodes { role user { username email } permissions } } } }
                """,
                token: max.access
            )
            #expect(
                read.text == """
                    {"data":{"team":{"name":"Team crew","slug":"crew","version":1,"memberCount":2,\
                    "owner":{"username":"ida"},"viewerMembership":{"role":"MEMBER"},"viewerCan":false,\
                    "members":{"totalCount":2,"nodes":[{"role":"OWNER","user":{"username":"ida","email":null},\
                    "permissions":["TEAM_READ","TEAM_UPDATE","TEAM_MEMBER_MANAGE","TEAM_INVITE","TEAM_ROLE_MANAGE",\
                    "TEAM_BILLING","TEAM_API_KEY","TEAM_WEBHOOK_MANAGE","TEAM_EXPORT","TEAM_AUDIT_READ","TEAM_DELETE"]},\
                    {"role":"MEMBER","user":{"username":"max","email":"max@example.org"},\
                    "permissions":["TEAM_READ"]}]}}}}
                    """
            )
            let variables = ["team": team, "user": try server.userID(max)]
            let transfer = "teamOwnershipTransfer(teamId: $team, toUserId: $user)"
            #expect(try server.refusal(transfer, variables, ida) == nil)
            #expect(try server.refusal("teamDelete(id: $team)", ["team": team], ida) == "FORBIDDEN")
            #expect(try server.refusal("teamDelete(id: $team)", ["team": team], max) == nil)
            #expect(
                try server.ask("{ team(id: \"\(team)\") { id } }", token: max.access).text == #"{"data":{"team":null}}"#
            )
            #expect(try server.refusal("teamRestore(id: $team)", ["team": team], ida) == "NOT_FOUND")
            #expect(try server.refusal("teamRestore(id: $team)", ["team": team], max) == nil)
            #expect(try server.refusal("teamLeave(teamId: $team)", ["team": team], max) == "LAST_OWNER")
            #expect(try server.refusal("teamLeave(teamId: $team)", ["team": team], ida) == nil)
            #expect(
                try server.sql(
                    """
                    SELECT string_agg(action || ' ' || outcome, ', ' ORDER BY sequence) FROM audit_logs
                    WHERE team_id IS NOT NULL AND outcome <> 'INITIATED'
                    """
                )
                    == """
                    team.create SUCCEEDED, team.transfer SUCCEEDED, team.delete REFUSED, team.delete SUCCEEDED, \
                    team.restore REFUSED, team.restore SUCCEEDED, team.leave REFUSED, team.leave SUCCEEDED
                    """
            )
        }
    }

    @Test func `all that is wrong with a team is said at once, and nothing is made`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let make =
                "mutation ($in: TeamCreateInput!) { teamCreate(input: $in) { team { slug } userErrors { code path } } }"
            let input = ["name": "x\u{202e}", "slug": "-No-", "description": String(repeating: "d", count: 2_001)]
            let answer = try server.ask(make, ["in": input], token: ida.access)
            #expect(
                answer.text == """
                    {"data":{"teamCreate":{"team":null,"userErrors":[\
                    {"code":"INVALID_INPUT","path":["input","name"]},{"code":"INVALID_INPUT","path":["input","slug"]},\
                    {"code":"INVALID_INPUT","path":["input","description"]}]}}}
                    """
            )
            _ = try server.makeTeam("crew", by: ida)
            let taken = try server.ask(make, ["in": ["name": "Other", "slug": "crew"]], token: ida.access)
            #expect(taken.codes("teamCreate") == ["NAME_TAKEN"])
            let free = try server.ask(make, ["in": ["name": "Café Ümlaut & Co."]], token: ida.access)
            #expect(try #require(free["data.teamCreate.team.slug"]).wholeMatch(of: /caf-mlaut-co-[0-9a-f]{8}/) != nil)
            #expect(try server.sql("SELECT count(*) FROM teams") == "2")
        }
    }

    @Test func `who works with an old version is told the new one`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let team = try server.makeTeam("crew", by: ida)
            let update = """
                mutation ($in: TeamUpdateInput!) { teamUpdate(input: $in) { team { name description version }
                    userErrors { code ... on StaleVersionError { currentVersion } } } }
                """
            let first = try server.ask(
                update,
                ["in": ["id": team, "name": "New", "expectedVersion": 1]],
                token: ida.access
            )
            #expect(first["data.teamUpdate.team.version"] == "2")
            let second = try server.ask(
                update,
                ["in": ["id": team, "description": "late", "expectedVersion": 1]],
                token: ida.access
            )
            #expect(second["data.teamUpdate.userErrors.0.currentVersion"] == "2")
            #expect(try server.sql("SELECT name || description FROM teams") == "New")
        }
    }

    @Test func `nobody outside sees a team, its members or its invitations, nor learns that they are there`()
        async throws
    {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            let team = try server.makeTeam("crew", by: ida)
            _ = try server.makeTeam("other", by: eve)
            let invited = try server.ask(
                """
                mutation { teamInviteCreate(input: {teamId: "\(team)", email: "max@example.org"}) {
                    invite { id team { members { nodes { id } } } } } }
                """,
                token: ida.access
            )
            let invite = try #require(invited["data.teamInviteCreate.invite.id"])
            let member = try #require(invited["data.teamInviteCreate.invite.team.members.nodes.0.id"])
            let unknown = "team_00000000000000000000000000"
            for id in [team, invite, member, unknown] {
                let node = "query ($id: ID!) { node(id: $id) { id } }"
                #expect(try server.ask(node, ["id": id], token: eve.access).text == #"{"data":{"node":null}}"#)
                #expect(
                    try server.ask(node, ["id": id], token: ida.access)["data.node.id"] == (id == unknown ? nil : id)
                )
            }
            let bySlug = try server.ask("{ teamBySlug(slug: \"CREW\") { id } }", token: eve.access)
            #expect(bySlug.text == #"{"data":{"teamBySlug":null}}"#)
            #expect(
                try server.ask("{ teamBySlug(slug: \"CREW\") { id } }", token: ida.access)["data.teamBySlug.id"] == team
            )
            for id in [team, unknown, "usr_x", "'; DROP TABLE teams; --"] {
                for text in ["teamUpdate(input: {id: $team})", "teamLeave(teamId: $team)", "teamDelete(id: $team)"] {
                    #expect(try server.refusal(text, ["team": id], eve) == "NOT_FOUND", "\(text)")
                }
            }
            #expect(try server.refusal("teamInviteRevoke(id: $id)", ["id": invite], eve) == "NOT_FOUND")
        }
    }

    @Test func `members come page by page, those of many teams with one statement`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            for number in 0..<3 { _ = try server.makeTeam("crew-\(number)", by: ida) }
            try server.sql(
                """
                INSERT INTO users (username, name, email) SELECT 'user' || n, 'User', 'user' || n || '@example.org'
                FROM generate_series(1, 30) n;
                INSERT INTO team_members (team_id, user_id, role)
                SELECT t.id, u.id, 'MEMBER' FROM teams t, users u WHERE u.username LIKE 'user%'
                """
            )
            let query = """
                query ($after: String) { viewer { teams(first: 5) { totalCount nodes { slug
                    members(first: 25, after: $after) { nodes { user { username } } pageInfo { hasNextPage endCursor } }
                } } } }
                """
            let first = try server.ask(query, token: ida.access)
            #expect(first["data.viewer.teams.totalCount"] == "3")
            #expect(first.count("data.viewer.teams.nodes.2.members.nodes") == 25)
            let before = try await server.statements()
            _ = try server.ask(query, token: ida.access)
            // Teams, their count, the members of all, the users of all.
            #expect(try await server.statements() - before == 4)
            let cursor = try #require(first["data.viewer.teams.nodes.0.members.pageInfo.endCursor"])
            let second = try server.ask(query, ["after": cursor], token: ida.access)
            #expect(second.count("data.viewer.teams.nodes.0.members.nodes") == 6)
            #expect(second["data.viewer.teams.nodes.0.members.pageInfo.hasNextPage"] == "0")
        }
    }
}
