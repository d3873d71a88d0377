import Credentials
import GraphQLEngine
import GraphQLSchema
import Testing

@testable import Resolvers

@Suite(.timeLimit(.minutes(3))) struct AccessTests {
    @Test func `every root field says who may select it, and a stranger is refused by all that are not public`()
        async throws
    {
        try await APIServer.with { server in
            let schema = try Schema(unchecked: "\(GeneratedSchema.sdl)")
            let roots = [("query", schema.queryType), ("mutation", schema.mutationType)]
            var refused = 0
            for (operation, type) in roots {
                for field in schema[try #require(type)].fields where !field.name.hasPrefix("__") {
                    guard !field.appliedDirectives.contains(where: { $0.name == "public" }) else { continue }
                    guard let call = schema.smallestCall(of: field) else { continue }
                    let answer = try server.ask("\(operation) { \(call) }")
                    #expect(answer.errorCode == "UNAUTHENTICATED", "\(field.name): \(answer.text)")
                    refused += 1
                }
            }
            #expect(refused >= 5)
        }
    }

    @Test func `a root field of which nobody has said who may select it keeps the server from starting`() throws {
        let schema = try Schema(
            sdl: """
                directive @public on FIELD_DEFINITION
                directive @auth on FIELD_DEFINITION
                type Query { open: Int @public signedIn: Int @auth forgotten: Int }
                type Mutation { change: Int }
                """
        )
        #expect(throws: UnguardedFields(coordinates: ["Query.forgotten", "Mutation.change"])) {
            try schema.mustBeGuarded()
        }
    }

    @Test func `a forged token is nobody, and told so where it is asked who is there`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let parts = ida.access.split(separator: ".").map(String.init)
            let none = Base64URL.encode(#"{"alg":"none","typ":"JWT"}"#.utf8)
            let claims = try #require(Base64URL.decode(parts[1]))
            let raised = String(decoding: claims, as: UTF8.self).replacing("MEMBER", with: "SUPER_ADMIN")
            let forged = [
                "\(none).\(parts[1]).", "\(parts[0]).\(Base64URL.encode(raised.utf8)).\(parts[2])",
                "\(parts[0]).\(parts[1]).\(String(parts[2].reversed()))", String(ida.access.dropLast()), "x", "a.b.c",
                ida.refresh, String(repeating: "a", count: 5_000),
            ]
            for token in forged {
                let viewer = try server.ask("{ viewer { user { username } } }", token: token)
                #expect(viewer["data.viewer.user.username"] == nil && viewer.errorCode == "UNAUTHENTICATED")
                #expect(
                    try server.ask(#"{ node(id: "usr_1") { id } }"#, token: token).errorCode == "UNAUTHENTICATED"
                )
            }
            #expect(try server.viewer(ida.access) == "ida")
            // Who shows nothing is nobody, which is no fault.
            let nobody = try server.ask("{ viewer { user { username } } }")
            #expect(nobody.text == #"{"data":{"viewer":null}}"#)
            // A token that has ended keeps nobody from getting another one.
            server.pass(seconds: 1_000)
            let ended = try server.ask("{ viewer { user { username } } }", token: ida.access)
            #expect(ended.errorCode == "UNAUTHENTICATED")
            let renewed = try server.ask(
                APIServer.refresh,
                ["in": ["refreshToken": ida.refresh]],
                token: ida.access
            )
            #expect(renewed["data.sessionRefresh.tokens.accessToken"] != nil)
        }
    }

    @Test func `the address of a user is for the user and for administrators`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            let own = try server.ask("{ viewer { user { id } } }", token: ida.access)
            let id = try #require(own["data.viewer.user.id"])
            let user = "query ($id: ID!) { user(id: $id) { username email emailVerified } }"
            #expect(try server.ask(user, ["id": id], token: ida.access)["data.user.email"] == "ida@example.org")
            #expect(
                try server.ask(user, ["id": id], token: eve.access).text
                    == #"{"data":{"user":{"username":"ida","email":null,"emailVerified":null}}}"#
            )
            try server.sql(
                "INSERT INTO user_roles (user_id, role) SELECT id, 'ADMIN' FROM users WHERE username = 'eve'"
            )
            server.pass(seconds: 1)
            #expect(try server.ask(user, ["id": id], token: eve.access)["data.user.email"] == "ida@example.org")
            #expect(
                try server.ask("query ($id: ID!) { node(id: $id) { __typename } }", ["id": id], token: eve.access)
                    .text == #"{"data":{"node":{"__typename":"User"}}}"#
            )
        }
    }

    @Test func `no secret is kept in clear, and none comes back in an error`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida", password: "the very secret passphrase")
            let renewed = try server.tokens(server.askRefresh(ida.refresh), "data.sessionRefresh")
            let failed = try server.askSignIn("ida", "another secret passphrase")
            let everything = try #require(
                try server.sql(
                    """
                    SELECT string_agg(query_to_xml(format('SELECT * FROM %I', tablename), true, true, '')::text, '')
                    FROM pg_tables WHERE schemaname = 'public'
                    """
                )
            )
            #expect(everything.contains("ida@example.org"))
            let secrets = [
                "the very secret passphrase", "another secret passphrase", ida.access, ida.refresh, renewed.access,
                renewed.refresh, String(ida.refresh.dropFirst(3)), String(renewed.refresh.dropFirst(3)),
            ]
            for secret in secrets {
                #expect(!everything.contains(secret))
                #expect(!failed.text.contains(secret))
            }
        }
    }

    @Test func `a page of requests costs one statement for its session`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            #expect(try server.viewer(ida.access) == "ida")
            let before = try await server.statements()
            for _ in 0..<10 { #expect(try server.viewer(ida.access) == "ida") }
            let after = try await server.statements()
            #expect(after - before <= 1)
        }
    }
}
