import Actions
import Testing

@Suite(.timeLimit(.minutes(3))) struct TeamKeyTests {
    private static let create = """
        mutation ($in: ApiKeyCreateInput!) { apiKeyCreate(input: $in) {
            secret apiKey { id team { slug } createdBy { username } } userErrors { code path }
        } }
        """
    private static let all = ["TEAM_READ", "TEAM_WRITE", "AUDIT_READ"]

    private func ask(
        _ server: APIServer,
        _ team: String,
        _ owner: TestTokens,
        _ scopes: [String] = all
    ) throws -> APIAnswer {
        try server.ask(
            Self.create,
            ["in": ["name": "robot", "teamId": team, "scopes": scopes]],
            token: owner.access
        )
    }

    private func make(_ server: APIServer, _ team: String, _ owner: TestTokens) throws -> (id: String, secret: String) {
        let answer = try ask(server, team, owner)
        let id = try #require(answer["data.apiKeyCreate.apiKey.id"], "\(answer.text)")
        return (id, try #require(answer["data.apiKeyCreate.secret"]))
    }

    private func slug(_ server: APIServer, _ team: String, _ key: String) throws -> String? {
        try server.ask("query ($t: ID!) { team(id: $t) { slug } }", ["t": team], token: key)["data.team.slug"]
    }

    @Test func `a key of a team reaches that team and nothing else of its maker's`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql(
                "INSERT INTO user_roles (user_id, role) SELECT id, unnest(ARRAY['ADMIN', 'SUPER_ADMIN']) FROM users"
            )
            server.pass(seconds: 2)
            let (team, other) = (try server.makeTeam("crew", by: ida), try server.makeTeam("other", by: ida))
            let made = try ask(server, team, ida)
            #expect(made["data.apiKeyCreate.apiKey.team.slug"] == "crew")
            #expect(made["data.apiKeyCreate.apiKey.createdBy.username"] == "ida")
            let key = try #require(made["data.apiKeyCreate.secret"])
            #expect(try slug(server, team, key) == "crew")
            #expect(try slug(server, other, key) == nil)
            let variables = ["t": team, "o": other]
            let reads = """
                query ($t: ID!, $o: ID!) {
                    node(id: $o) { id } nodes(ids: [$t, $o]) { id } teamBySlug(slug: "other") { id }
                    auditLogs(teamId: $o) { nodes { id } }
                    report: auditReport(teamId: $o, since: "2026-01-01T00:00:00Z", until: "2026-02-01T00:00:00Z") { total }
                    own: auditLogs(teamId: $t, first: 1) { nodes { action } }
                }
                """
            let found = try server.ask(reads, variables, token: key)
            #expect(
                found.text.contains(
                    #""node":null,"nodes":[{"id":"\#(team)"},null],"teamBySlug":null,"auditLogs":null"#
                ),
                "\(found.text)"
            )
            #expect(found.text.contains(#""report":null"#) && found["data.own.nodes.0.action"] != nil, "\(found.text)")
            // An administrator's key of a team reads no more of the log than the team's.
            #expect(try server.ask("{ auditLogs { nodes { id } } }", token: key).errorCode == "FORBIDDEN")
            let entry = try #require(try server.sql("SELECT id FROM audit_logs WHERE action = 'account.register'"))
            #expect(!entry.isEmpty)
            for (mutation, isAllowed) in [
                ("teamUpdate(input: {id: $t, description: \"x\"})", true),
                ("teamUpdate(input: {id: $o, description: \"x\"})", false),
                ("teamInviteCreate(input: {teamId: $o, email: \"a@example.org\", role: GUEST})", false),
                ("teamSettingsUpdate(teamId: $o, settings: [{key: \"invites.days\", value: \"3\"}])", false),
                ("auditLogExport(teamId: $o)", false), ("auditLogExport(teamId: $t)", true),
            ] {
                let answer = try server.ask(
                    "mutation ($t: ID!, $o: ID!) { r: \(mutation) { userErrors { code } } a: teamUpdate(input: {id: $t}) { userErrors { code } } b: teamUpdate(input: {id: $o}) { userErrors { code } } }",
                    variables,
                    token: key
                )
                #expect(answer.codes("r") == (isAllowed ? [] : ["NOT_FOUND"]), "\(mutation): \(answer.text)")
            }
            for field in [
                "{ viewer { email } }", "{ viewer { teams { nodes { id } } } }",
                "mutation { teamCreate(input: {name: \"x\"}) { team { id } } }",
                "mutation { profileUpdate(input: {displayName: \"x\"}) { user { id } } }",
                "mutation ($t: ID!) { teamRestore(id: $t) { team { id } } }",
                "query ($t: ID!) { team(id: $t) { apiKeys { nodes { id } } } }",
            ] {
                let answer = try server.ask(field, ["t": team], token: key)
                #expect(answer.errorCode == "FORBIDDEN", "\(field): \(answer.text)")
            }
        }
    }

    @Test func `keys are made by those who manage them, with what a team can give`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let admin = try server.join("admina", "crew", as: "ADMIN")
            let member = try server.join("member", "crew", as: "MEMBER")
            #expect(try ask(server, team, member).codes("apiKeyCreate") == ["FORBIDDEN"])
            #expect(try ask(server, team, server.register("stranger")).codes("apiKeyCreate") == ["NOT_FOUND"])
            #expect(try ask(server, "usr_1", owner).codes("apiKeyCreate") == ["NOT_FOUND"])
            #expect(try ask(server, team, owner, ["CHAT_READ"]).codes("apiKeyCreate") == ["INVALID_INPUT"])
            let key = try make(server, team, admin)
            let list = "query ($t: ID!) { team(id: $t) { apiKeys { totalCount nodes { id createdBy { username } } } } }"
            let seen = try server.ask(list, ["t": team], token: owner.access)
            #expect(seen["data.team.apiKeys.nodes.0.createdBy.username"] == "admina", "\(seen.text)")
            #expect(seen["data.team.apiKeys.totalCount"] == "1")
            #expect(try server.ask(list, ["t": team], token: member.access).errorCode == "FORBIDDEN")
            // A secret that acts in somebody's name is theirs alone.
            let rotate = "mutation ($k: ID!) { apiKeyRotate(id: $k) { secret userErrors { code } } }"
            #expect(try server.ask(rotate, ["k": key.id], token: owner.access).codes("apiKeyRotate") == ["NOT_FOUND"])
            #expect(try server.ask(rotate, ["k": key.id], token: admin.access).codes("apiKeyRotate") == [])
            let revoke = "mutation ($k: ID!) { apiKeyRevoke(id: $k) { userErrors { code } } }"
            #expect(try server.ask(revoke, ["k": key.id], token: member.access).codes("apiKeyRevoke") == ["NOT_FOUND"])
            #expect(try server.ask(revoke, ["k": key.id], token: owner.access).codes("apiKeyRevoke") == [])
            #expect(try slug(server, team, key.secret) == nil)
        }
    }

    @Test func `a key does no more than its maker may at the moment, and ends with them and with the team`()
        async throws
    {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let admin = try server.join("admina", "crew", as: "ADMIN")
            let id = try server.userID(admin)
            let (owners, admins) = (try make(server, team, owner), try make(server, team, admin))
            try server.sql("UPDATE team_members SET role = 'MEMBER' WHERE role = 'ADMIN'")
            let update =
                "mutation ($t: ID!) { teamUpdate(input: {id: $t, description: \"x\"}) { userErrors { code } } }"
            #expect(try server.ask(update, ["t": team], token: admins.secret).codes("teamUpdate") == ["FORBIDDEN"])
            #expect(try slug(server, team, admins.secret) == "crew")
            #expect(
                try server.refusal("teamMemberRemove(teamId: $team, userId: $user)", ["team": team, "user": id], owner)
                    == nil
            )
            server.pass(seconds: 2)
            #expect(try slug(server, team, admins.secret) == nil)
            // Whoever comes back makes new ones.
            try server.sql(
                "INSERT INTO team_members (team_id, user_id, role) SELECT t.id, u.id, 'ADMIN' FROM teams t, users u WHERE u.username = 'admina'"
            )
            server.pass(seconds: 2)
            #expect(try slug(server, team, admins.secret) == nil)
            #expect(try server.refusal("teamDelete(id: $team)", ["team": team], owner) == nil)
            server.pass(seconds: 2)
            #expect(
                try server.ask("query ($t: ID!) { team(id: $t) { slug } }", ["t": team], token: owners.secret).errorCode
                    == "UNAUTHENTICATED"
            )
            #expect(try server.refusal("teamRestore(id: $team)", ["team": team], owner) == nil)
            server.pass(seconds: 2)
            #expect(try slug(server, team, owners.secret) == nil)
            #expect(try server.sql("SELECT string_agg(DISTINCT status, ' ') FROM api_keys") == "REVOKED")
        }
    }
}
