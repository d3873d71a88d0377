import Data
import EventLoop
import Foundation
import GraphQLSchema
import SocketTesting
import Testing

@testable import Resolvers

@Suite(.timeLimit(.minutes(3))) struct IdempotencyTests {
    private func create(_ name: String, key: String?, _ server: APIServer, _ token: String) throws -> APIAnswer {
        let said = key.map { "@idempotent(key: \"\($0)\")" } ?? ""
        let query = """
            mutation { teamCreate(input: {name: "\(name)"}) \(said) {
                team { id name } userErrors { code path ... on IdempotencyError { firstUsedAt } }
            } }
            """
        return try server.ask(query, token: token)
    }

    @Test func `a team that is asked for again with its key is the same team`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let first = try create("Crew", key: "key-0001", server, ida.access)
            let second = try create("Crew", key: "key-0001", server, ida.access)
            let id = try #require(first["data.teamCreate.team.id"])
            #expect(second["data.teamCreate.team.id"] == id)
            #expect(first["extensions.idempotency.replayed"] == nil)
            #expect(second["extensions.idempotency.replayed"] == "1")
            #expect(try server.sql("SELECT count(*) FROM teams") == "1")
            // Of others it is another key.
            let eve = try server.register("eve")
            let other = try create("Crew", key: "key-0001", server, eve.access)
            #expect(other["data.teamCreate.team.id"] != id)
            // Without a key it is another team.
            _ = try create("Crew", key: nil, server, ida.access)
            #expect(try server.sql("SELECT count(*) FROM teams") == "3")
        }
    }

    @Test func `a key is good for one set of arguments, whatever is selected`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            _ = try create("Crew", key: "key-0001", server, ida.access)
            let other = try create("Other", key: "key-0001", server, ida.access)
            #expect(other.codes("teamCreate") == ["IDEMPOTENCY_KEY_REUSED"])
            #expect(other["data.teamCreate.userErrors.0.firstUsedAt"]?.hasSuffix("Z") == true)
            // The same by variables, in another order, with the default said, and with other fields.
            let query = """
                mutation ($in: TeamCreateInput!) { teamCreate(input: $in) @idempotent(key: "key-0001") {
                    team { slug viewerPermissions } userErrors { code }
                } }
                """
            let again = try server.ask(query, ["in": ["description": "", "name": "Crew"]], token: ida.access)
            #expect(again["data.teamCreate.team.slug"]?.hasPrefix("crew-") == true, "\(again.text)")
            #expect(again.count("data.teamCreate.team.viewerPermissions") > 3)
        }
    }

    @Test func `what was refused may be asked for again`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            #expect(try create("x", key: "key-0001", server, ida.access).codes("teamCreate") == ["INVALID_INPUT"])
            #expect(try server.sql("SELECT count(*) FROM idempotency_keys") == "0")
            let mended = try create("Crew", key: "key-0001", server, ida.access)
            #expect(mended["data.teamCreate.team.name"] == "Crew")
            #expect(try create("y", key: "short", server, ida.access).codes("teamCreate") == ["INVALID_INPUT"])
        }
    }

    @Test func `a team that is gone is not made anew by its key`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let id = try #require(try create("Crew", key: "key-0001", server, ida.access)["data.teamCreate.team.id"])
            _ = try server.ask("mutation { teamDelete(id: \"\(id)\") { userErrors { code } } }", token: ida.access)
            #expect(try create("Crew", key: "key-0001", server, ida.access).codes("teamCreate") == ["NOT_FOUND"])
        }
    }

    @Test func `many at once make one group and its channel`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let query = """
                mutation { groupCreate(input: {name: "Harbour"}) @idempotent(key: "group-0001") {
                    group { id } userErrors { code }
                } }
                """
            let sockets = try (0..<8).map { _ in
                let socket = try server.socket()
                try socket.send(server.request(query, [:], token: ida.access))
                return socket
            }
            let ids = try sockets.map { try APIAnswer(from: $0)["data.groupCreate.group.id"] }
            #expect(Set(ids).count == 1 && ids[0] != nil)
            #expect(try server.sql("SELECT count(*) FROM groups") == "1")
            let group = try #require(ids[0])
            let channel = """
                mutation { channelCreate(input: {groupId: "\(group)", name: "quay"}) @idempotent(key: "channel-01") {
                    channel { id name } userErrors { code }
                } }
                """
            let made = try (0..<2).map { _ in
                try server.ask(channel, token: ida.access)["data.channelCreate.channel.id"]
            }
            #expect(made[0] != nil && made[0] == made[1])
        }
    }

    @Test func `several keys stand at several fields of a document`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let query = """
                mutation {
                    a: teamCreate(input: {name: "One"}) @idempotent(key: "key-0001") { team { id } }
                    b: teamCreate(input: {name: "Two"}) @idempotent(key: "key-0002") { team { id } }
                    c: teamCreate(input: {name: "One"}) @idempotent(key: "key-0001") { team { id } }
                }
                """
            let answer = try server.ask(query, token: ida.access)
            #expect(answer["data.a.team.id"] != answer["data.b.team.id"])
            #expect(answer["data.a.team.id"] == answer["data.c.team.id"])
            #expect(try server.sql("SELECT count(*) FROM teams") == "2")
        }
    }

    @Test func `the header is the key of a document's only mutation`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            func ask(_ fields: String) throws -> APIAnswer {
                let request = try server.request("mutation { \(fields) }", [:], token: ida.access)
                let socket = try server.socket()
                let header = "host: test\r\nidempotency-key: header-01\r\n"
                try socket.send(request.replacingOccurrences(of: "host: test\r\n", with: header))
                return try APIAnswer(from: socket)
            }
            let one = "teamCreate(input: {name: \"One\"}) { team { id } }"
            let id = try #require(try ask(one)["data.teamCreate.team.id"])
            #expect(try ask(one)["data.teamCreate.team.id"] == id)
            let several = try ask("a: \(one) b: \(one)")
            #expect(several["data.a.team.id"] == nil)
            #expect(several.errorCode == "BAD_USER_INPUT")
            #expect(try server.sql("SELECT count(*) FROM teams") == "1")
            // Where it would be of no use it is refused, by whoever asks; queries have none to take.
            for field in ["profileUpdate(input: {displayName: \"New\"}) { userErrors { code } }", "ping"] {
                let refused = try ask(field)
                #expect(refused.errorCode == "BAD_USER_INPUT", "\(refused.text)")
                #expect(refused["errors.0.message"]?.contains("takes no Idempotency-Key") == true)
            }
            #expect(try server.sql("SELECT count(*) FROM users WHERE name = 'New'") == "0")
        }
    }

    @Test func `a key at a field that takes none is refused before anything is done`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let answer = try server.ask(
                """
                mutation {
                    profileUpdate(input: {displayName: "New"}) @idempotent(key: "a key of mine") { userErrors { code } }
                }
                """,
                token: ida.access
            )
            #expect(
                answer["errors.0.message"]?.contains("does nothing at field \"profileUpdate\"") == true,
                "\(answer.text)"
            )
            #expect(try server.sql("SELECT count(*) FROM users WHERE name = 'New'") == "0")
            let read = try server.ask("{ viewer @idempotent(key: \"a key of mine\") { email } }", token: ida.access)
            #expect(read["errors.0.message"]?.contains("does nothing at field \"viewer\"") == true)
        }
    }

    @Test func `a conversation that is asked for again with its key is the same conversation`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let create = """
                mutation ($key: String!, $title: String!) {
                    conversationCreate(input: {title: $title, firstMessage: "hello"}) @idempotent(key: $key) {
                        conversation { id } userErrors { code }
                    }
                }
                """
            let ids = try (0..<2).map { _ in
                try server.ask(create, ["key": "one key of mine", "title": "a"], token: ida.access)[
                    "data.conversationCreate.conversation.id"
                ]
            }
            #expect(ids[0] != nil && ids[0] == ids[1])
            #expect(try server.sql("SELECT count(*) FROM messages") == "1")
            let other = try server.ask(create, ["key": "one key of mine", "title": "b"], token: ida.access)
            #expect(other.codes("conversationCreate") == ["IDEMPOTENCY_KEY_REUSED"])
        }
    }

    /// What says that it takes keys and does not look at them would do things twice.
    @Test func `every mutation that says it takes keys does`() async throws {
        let schema = try Schema(unchecked: "\(GeneratedSchema.sdl)")
        let mutation = try #require(schema.mutationType)
        let fields = schema[mutation].fields.filter { $0.appliedDirectives.contains { $0.name == "idempotency" } }
        #expect(fields.count >= 4)
        try await APIServer.with { server in
            let ida = try server.register("ida")
            try server.sql("INSERT INTO user_roles (user_id, role) SELECT id, 'ADMIN' FROM users")
            for field in fields {
                let call = try #require(schema.smallestCall(of: field)).replacing("usr_", with: "grp_")
                let text = call.replacing(
                    " { __typename }",
                    with: " @idempotent(key: \"x\") { userErrors { code message } }"
                )
                let answer = try server.ask("mutation { \(text) }", token: ida.access)
                #expect(
                    answer["data.\(field.name).userErrors.0.message"] == "A key has from 8 to 255 characters.",
                    "\(answer.text)"
                )
            }
        }
    }
}
