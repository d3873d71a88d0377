import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient
import Testing

@testable import Resolvers

@Suite(.timeLimit(.minutes(3))) struct AccessMatrixTests {
    private static func schema() throws -> Schema { try Schema(unchecked: "\(GeneratedSchema.sdl)") }

    private static func roots() throws -> [(kind: String, coordinate: String, call: String?)] {
        let schema = try schema()
        let types = [
            ("query", schema.queryType), ("mutation", schema.mutationType), ("subscription", schema.subscriptionType),
        ]
        return types.flatMap { kind, type in
            type.map { type in
                schema[type].fields.filter { !$0.name.hasPrefix("__") }.map {
                    (kind, "\(schema[type].name).\($0.name)", schema.smallestCall(of: $0))
                }
            } ?? []
        }
    }

    @Test func `every root field and every kind of object has a row`() throws {
        #expect(try Set(Self.roots().map(\.coordinate)).symmetricDifference(AccessMatrix.rows.keys) == [])
        let schema = try Self.schema()
        let nodes = schema.types.filter { type in
            type.kind == .object && type.interfaces.contains { schema[$0].name == "Node" }
        }
        #expect(
            Set(nodes.map(\.name)).symmetricDifference(Set(AccessMatrix.nodes.keys).union(AccessMatrix.seenByAll)) == []
        )
    }

    @Test func `what strangers, stale proofs, roles and keys may is what the rows say`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let key = try #require(
                try server.ask(
                    "mutation { apiKeyCreate(input: {name: \"x\", scopes: [AUDIT_READ]}) { secret } }",
                    token: ida.access
                )["data.apiKeyCreate.secret"]
            )
            let fresh = try server.register("fresh")
            server.pass(seconds: 660)
            let late = try server.signIn("fresh")
            // Dated by the database, which this clock is ahead of.
            try server.sql(
                "UPDATE auth_sessions SET verified_at = now() + interval '660 seconds' WHERE id = (SELECT id FROM auth_sessions ORDER BY created_at DESC LIMIT 1)"
            )
            server.pass(seconds: 2)
            _ = fresh
            for (kind, coordinate, call) in try Self.roots() where kind != "subscription" {
                guard let call, let access = AccessMatrix.rows[coordinate] else { continue }
                let text = "\(kind) { \(call) }"
                let stranger = try server.ask(text)
                #expect(
                    (stranger.errorCode == "UNAUTHENTICATED") == (access != .open),
                    "\(coordinate): \(stranger.text)"
                )
                func reason(_ token: String) throws -> String? {
                    try server.ask(text, token: token)["errors.0.extensions.reason"]
                }
                switch access {
                case .recent, .group(_, isRecent: true, _):
                    #expect(try reason(ida.access) == "REAUTHENTICATION_REQUIRED", "\(coordinate)")
                    #expect(try reason(key) == "SESSION_REQUIRED", "\(coordinate)")
                case .roles:
                    #expect(try reason(late.access) == "MISSING_ROLE", "\(coordinate)")
                    let isForPrograms = coordinate == "Mutation.notificationCreate"
                    #expect(try reason(key) == (isForPrograms ? "MISSING_ROLE" : "SESSION_REQUIRED"), "\(coordinate)")
                case .open: break
                case .signedIn, .team, .group:
                    let said = try reason(key)
                    #expect(
                        ["SESSION_REQUIRED", "MISSING_SCOPE"].contains(said)
                            || [
                                "Mutation.auditLogExport", "Query.auditLogs", "Query.auditReport", "Query.node",
                                "Query.nodes",
                            ].contains(coordinate),
                        "\(coordinate): \(said ?? "")"
                    )
                }
            }
        }
    }

    @Test(arguments: AccessMatrix.platformRoles) func `a platform role opens what its row says and nothing else`(
        role: String
    ) async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql("INSERT INTO user_roles (user_id, role) SELECT id, '\(role)' FROM users")
            server.pass(seconds: 2)
            for (kind, coordinate, call) in try Self.roots() {
                guard case .roles(let roles) = AccessMatrix.rows[coordinate], let call else { continue }
                let answer = try server.ask("\(kind) { \(call) }", token: ida.access)
                #expect(
                    (answer["errors.0.extensions.reason"] == "MISSING_ROLE") != roles.contains(role),
                    "\(coordinate)"
                )
            }
            let log = try server.ask("{ auditLogs { nodes { id } } }", token: ida.access)
            #expect((log.errorCode == nil) == ["ADMIN", "SUPER_ADMIN"].contains(role))
        }
    }

    @Test func `what is done to a team is for its members with the permission, and the team of others is not there`()
        async throws
    {
        try await APIServer.with { server in
            let owner = try server.register("owner")
            let team = try server.makeTeam("crew", by: owner)
            let elsewhere = try server.register("elsewhere")
            _ = try server.makeTeam("other", by: elsewhere)
            let members = try Actions.TeamRole.allCases.map { (role: Actions.TeamRole) in
                (
                    role,
                    role == .owner
                        ? owner : try server.join("a_\(role.rawValue.lowercased())", "crew", as: role.rawValue)
                )
            }
            for (coordinate, access) in AccessMatrix.rows.sorted(by: { $0.key < $1.key }) {
                guard case .team(let permission, let text) = access else { continue }
                for (role, tokens) in members {
                    let answer = try server.ask(text, ["team": team], token: tokens.access)
                    let code = answer.errorCode ?? answer.codes("r").first
                    #expect((code == "FORBIDDEN") != role.may(permission), "\(coordinate) by \(role): \(answer.text)")
                }
                for tokens in [elsewhere, try server.register("x\(coordinate.count)_\(permission.rawValue.count)")] {
                    let answer = try server.ask(text, ["team": team], token: tokens.access)
                    #expect(
                        answer.codes("r") == ["NOT_FOUND"]
                            || (answer.errorCode == nil && answer.text.hasSuffix(":null}}")),
                        "\(coordinate): \(answer.text)"
                    )
                }
            }
        }
    }

    @Test func `the schema declares the permission that each row names`() throws {
        let schema = try Self.schema()
        let roots = [schema.queryType, schema.mutationType, schema.subscriptionType].compactMap { $0 }
        for root in roots {
            for field in schema[root].fields {
                let coordinate = "\(schema[root].name).\(field.name)"
                let auth = field.appliedDirectives.first { $0.name == "auth" }
                let declared: String? =
                    if case .enum(let permission)? = auth?["permission"] { permission } else { nil }
                switch AccessMatrix.rows[coordinate] {
                case .group(let permission, _, _): #expect(declared == permission.rawValue, "\(coordinate)")
                default: #expect(declared.flatMap(GroupPermission.init) == nil, "\(coordinate)")
                }
            }
        }
    }

    @Test(arguments: Actions.GroupRole.allCases)
    func `what is done to a group is for its members with the permission`(role: Actions.GroupRole) async throws {
        try await APIServer.with { server in
            let stage = try GroupStage(server)
            let actor = try stage.actor(role)
            for (coordinate, access) in AccessMatrix.rows.sorted(by: { $0.key < $1.key }) {
                guard case .group(let permission, _, let text) = access else { continue }
                try stage.build(visibility: "INVITE_ONLY")
                let refusal = text.contains("$request") ? "NOT_FOUND" : "FORBIDDEN"
                let answer = try stage.ask(text, actor)
                #expect(answer.errorCode == nil, "\(coordinate): \(answer.text)")
                #expect(answer.codes("r") == (role.may(permission) ? [] : [refusal]), "\(coordinate): \(answer.text)")
            }
        }
    }

    @Test func `for those who do not belong to a group nothing of it is there, but what everybody may find`()
        async throws
    {
        try await APIServer.with { server in
            let stage = try GroupStage(server)
            let stranger = try server.register("stranger")
            for (coordinate, access) in AccessMatrix.rows.sorted(by: { $0.key < $1.key }) {
                guard case .group(_, _, let text) = access else { continue }
                for visibility in ["INVITE_ONLY", "REQUEST_TO_JOIN", "PUBLIC"] {
                    try stage.build(visibility: visibility)
                    let isFound = visibility != "INVITE_ONLY" && text.contains("$group")
                    let answer = try stage.ask(text, stranger)
                    #expect(answer.errorCode == nil, "\(coordinate): \(answer.text)")
                    #expect(
                        answer.codes("r") == [isFound ? "FORBIDDEN" : "NOT_FOUND"],
                        "\(coordinate), \(visibility): \(answer.text)"
                    )
                }
            }
        }
    }

    @Test func `no object of somebody's is there for others`() async throws {
        try await APIServer.with { server in
            let ida = try server.person("ida")
            let friend = try server.person("friend")
            let other = try server.person("other")
            // For what is there for administrators alone.
            try server.sql(
                "INSERT INTO user_roles (user_id, role) SELECT id, 'ADMIN' FROM users WHERE username = 'ida'"
            )
            server.pass(seconds: 2)
            let tokens = TestTokens(access: ida.token, refresh: "", session: "")
            let team = try server.makeTeam("crew", by: tokens)
            _ = try server.refusal(
                "teamInviteCreate(input: {teamId: $team, email: \"a@example.org\", role: GUEST})",
                ["team": team],
                tokens
            )
            _ = try server.conversation(of: ida)
            let group = try server.group(of: [ida, friend])
            _ = try server.send("hello", to: group.general, by: ida)
            _ = try server.ask(
                "mutation ($ids: [ID!]!) { directRoomOpen(userIds: $ids) { room { id } userErrors { code } } }",
                ["ids": [friend.id]],
                token: ida.token
            )
            _ = try server.ask(
                "mutation { apiKeyCreate(input: {name: \"x\", scopes: [AUDIT_READ]}) { secret } }",
                token: ida.token
            )
            let node = "query ($id: ID!) { node(id: $id) { __typename } }"
            for (type, row) in AccessMatrix.nodes.sorted(by: { $0.key < $1.key }) {
                let found = try #require(try server.sql(row.sql), "\(type)")
                let id = GlobalID.text(row.prefix, try #require(UUID(found)))
                let own = try server.ask(node, ["id": id], token: ida.token)
                #expect(own["data.node.__typename"] == type, "\(type): \(own.text)")
                #expect(
                    try server.ask(node, ["id": id], token: other.token).text == #"{"data":{"node":null}}"#,
                    "\(type)"
                )
                #expect(try server.ask(node, ["id": id]).errorCode == "UNAUTHENTICATED", "\(type)")
            }
        }
    }
}
