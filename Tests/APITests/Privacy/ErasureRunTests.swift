import Data
import EventLoop
import Mail
import PostgresClient
import Testing

@testable import Actions

/// What comes between asking for an account to be erased and its erasure.
@Suite(.timeLimit(.minutes(3))) struct ErasureRunTests {
    private func delete(_ name: String, _ server: APIServer, by token: TestTokens) throws {
        let text = "mutation { accountDelete(confirmUsername: \"\(name)\") { userErrors { code } } }"
        #expect(try server.ask(text, token: token.access).codes("accountDelete") == [])
    }

    private func run(_ server: APIServer) async throws {
        let services = server.identity
        _ = try await server.group.loops[0].start { try await AccountErase(services).run() }
    }

    private let statuses = """
        SELECT string_agg(u.name || ' ' || r.status, ', ' ORDER BY r.created_at)
        FROM privacy_requests r JOIN users u ON u.id = r.user_id
        """

    @Test func `what its owner has asked for is not called off by opening the account`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            let ida = try server.register("ida")
            let id = try server.userID(ida)
            try delete("ida", server, by: ida)
            for mutation in [
                "adminUserSuspend(userId: $user, reason: \"by mistake\")", "adminUserReinstate(userId: $user)",
            ] {
                #expect(try server.manage(mutation, id, by: admin).codes("r") == [])
            }
            #expect(try server.sql(statuses) == "ida SCHEDULED")
            _ = try server.signIn("ida")
            #expect(try server.sql(statuses) == "ida CANCELLED")
        }
    }

    @Test func `whose deletion was ordered is told that it was called off`() async throws {
        try await APIServer.with { server in
            let admin = try server.register("boss", as: "ADMIN")
            let id = try server.userID(server.register("ida"))
            await server.runJobs()
            let order = "adminUserDelete(userId: $user, reason: \"fraud\")"
            #expect(try server.manage(order, id, by: admin).codes("r") == [])
            #expect(try server.manage("adminUserReinstate(userId: $user)", id, by: admin).codes("r") == [])
            let mail = try await server.mail(to: "ida@example.org", "Your account stays")
            #expect(mail.text.contains("opened your account again"), "\(mail.text)")
            #expect(try server.sql(statuses) == "ida CANCELLED")
        }
    }
}
