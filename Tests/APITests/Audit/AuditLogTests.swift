import Testing

@Suite(.timeLimit(.minutes(3))) struct AuditLogTests {
    private static let list = """
        query ($team: ID, $filter: AuditLogFilter, $first: Int, $after: String) {
            auditLogs(teamId: $team, filter: $filter, first: $first, after: $after) {
                nodes { id action outcome errorCode actor { username } team { slug } resourceType ipAddress hash
                    resource { __typename } changes { field before after } }
                pageInfo { hasNextPage endCursor } totalCount
            }
        }
        """
    private static let nodes = "data.auditLogs.nodes"

    private func actions(_ answer: APIAnswer) -> [String] {
        (0..<answer.count(Self.nodes)).compactMap { answer["\(Self.nodes).\($0).action"] }
    }

    @Test func `a team's log is for its owner and administrators, and holds nothing of others`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let other = try server.makeTeam("other", by: server.register("stranger"))
            #expect(
                try server.refusal("teamUpdate(input: {id: $team, description: \"new\"})", ["team": team], owner) == nil
            )
            let log = try server.ask(Self.list, ["team": team], token: owner.access)
            #expect(actions(log) == ["audit.read", "team.update", "team.create"], "\(log.text)")
            #expect(log["data.auditLogs.totalCount"] == "3")
            #expect(log["\(Self.nodes).1.changes.0.field"] == "description")
            #expect(log["\(Self.nodes).1.changes.0.after"] == "new")
            #expect(log["\(Self.nodes).1.actor.username"] == "owner")
            #expect(log["\(Self.nodes).1.team.slug"] == "crew")
            #expect(log["\(Self.nodes).1.resource.__typename"] == "Team")
            #expect(log["\(Self.nodes).1.hash"]?.count == 64)
            for role in ["BILLING", "MEMBER", "GUEST"] {
                let member = try server.join(role.lowercased(), "crew", as: role)
                let answer = try server.ask(Self.list, ["team": team], token: member.access)
                #expect(answer.errorCode == "FORBIDDEN" && answer.count(Self.nodes) == 0)
            }
            let admin = try server.join("admina", "crew", as: "ADMIN")
            #expect(try server.ask(Self.list, ["team": team], token: admin.access).count(Self.nodes) > 2)
            let unseen = try server.ask(Self.list, ["team": other], token: owner.access)
            #expect(unseen.text == #"{"data":{"auditLogs":null}}"#)
            #expect(try server.ask(Self.list, ["team": "usr_1"], token: owner.access).text == unseen.text)
            #expect(try server.ask(Self.list, token: owner.access).errorCode == "FORBIDDEN")
        }
    }

    @Test func `an entry is there by its id for those who may read it, and for nobody else`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let member = try server.join("member", "crew", as: "MEMBER")
            let log = try server.ask(Self.list, ["team": team], token: owner.access)
            let id = try #require(log["\(Self.nodes).1.id"])
            let node = "query ($id: ID!) { node(id: $id) { id ... on AuditLogEntry { action } } }"
            #expect(try server.ask(node, ["id": id], token: owner.access)["data.node.action"] == "team.create")
            for token in [member, try server.register("stranger")] {
                #expect(try server.ask(node, ["id": id], token: token.access).text == #"{"data":{"node":null}}"#)
            }
        }
    }

    @Test func `an administrator of the platform filters the whole log`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            _ = try server.askSignIn("ida", "a wrong password")
            _ = try server.makeTeam("crew", by: ida)
            let admin = try server.register("rita")
            try server.sql(
                "INSERT INTO user_roles (user_id, role) SELECT id, 'ADMIN' FROM users WHERE username = 'rita'"
            )
            server.pass(seconds: 2)
            func found(_ filter: [String: Any]) throws -> [String] {
                actions(try server.ask(Self.list, ["filter": filter], token: admin.access))
            }
            #expect(try found(["outcomes": ["REFUSED"]]) == ["session.create"])
            #expect(try found(["actions": ["team.create", "account.register"]]).count == 3)
            #expect(try found(["actions": []]) == [])
            let id = try server.userID(ida)
            #expect(try found(["actorId": id, "outcomes": ["SUCCEEDED"]]) == ["team.create", "account.register"])
            #expect(try found(["actorId": "team_1"]) == [])
            #expect(try found(["search": "team.create succeeded"]) == ["team.create"])
            #expect(try found(["resourceType": "Team", "ipAddress": "127.0.0.1"]) == ["team.create"])
            #expect(try found(["ipAddress": "10.0.0.1"]) == [])
            #expect(try found(["until": "2020-01-01T00:00:00Z"]) == [])
            #expect(try found(["search": "'; DROP TABLE audit_logs --"]) == [])
            let bad = try server.ask(Self.list, ["filter": ["ipAddress": "x"]], token: admin.access)
            #expect(bad.errorCode == "BAD_USER_INPUT")
            let first = try server.ask(Self.list, ["first": 2], token: admin.access)
            let end = try #require(first["data.auditLogs.pageInfo.endCursor"])
            let second = try server.ask(Self.list, ["first": 2, "after": end], token: admin.access)
            #expect(actions(second).count == 2)
            let views = try server.sql("SELECT count(*) FROM audit_logs WHERE action = 'audit.read'")
            // A walk through pages is one look.
            #expect(views == "11", "\(views ?? "")")
        }
    }

    @Test func `a cursor that was kept, or that somebody else had, is a look of its own`() async throws {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let admin = try server.join("admina", "crew", as: "ADMIN")
            let first = try server.ask(Self.list, ["team": team, "first": 1], token: owner.access)
            let cursor = try #require(first["data.auditLogs.pageInfo.endCursor"])
            let back = """
                query ($team: ID, $before: String) {
                    auditLogs(teamId: $team, last: 5, before: $before) { nodes { action } }
                }
                """
            func looks() throws -> String? {
                try server.sql("SELECT count(*) FROM audit_logs WHERE action = 'audit.read'")
            }
            #expect(try looks() == "1")
            // Goes on with the look of a moment ago.
            _ = try server.ask(Self.list, ["team": team, "first": 1, "after": cursor], token: owner.access)
            _ = try server.ask(back, ["team": team, "before": cursor], token: owner.access)
            #expect(try looks() == "1")
            #expect(try server.ask(back, ["team": team, "before": cursor], token: admin.access).errorCode == nil)
            #expect(try looks() == "2")
            // A quarter of an hour later.
            try server.sql(
                """
                SET session_replication_role = replica;
                UPDATE audit_logs SET occurred_at = occurred_at - interval '15 minutes' WHERE action = 'audit.read'
                """
            )
            _ = try server.ask(back, ["team": team, "before": cursor], token: owner.access)
            #expect(try looks() == "3")
        }
    }

    @Test func `what changed is told field by field, and of what is private only that it did`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let change =
                "mutation { profileUpdate(input: {displayName: \"Ida B.\", locale: \"de\", bio: \"a private story\"}) { userErrors { code } } }"
            #expect(try server.ask(change, token: ida.access).codes("profileUpdate") == [])
            let changes = try server.sql("SELECT changes FROM audit_logs WHERE action = 'profile.update'")
            #expect(
                changes == """
                    [{"after": "[redacted]", "field": "displayName", "before": null}, \
                    {"after": "de", "field": "locale", "before": "en"}, \
                    {"after": "[redacted]", "field": "bio", "before": null}]
                    """
            )
        }
    }
}
