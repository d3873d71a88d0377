import Testing

@Suite(.timeLimit(.minutes(3))) struct SecurityNoticeTests {
    private let nodes = "data.viewer.notifications.nodes"

    @Test func `a sign-in by a program that is new to the account is told, and no other`() async throws {
        try await APIServer.with { server in
            let laptop = try server.register("ida")
            _ = try server.signIn("ida")
            #expect(try server.inbox(laptop.access).count(nodes) == 0)
            let phone = try server.signIn("ida", userAgent: "phone/1.0")
            _ = try server.signIn("ida", userAgent: "phone/1.0")
            let inbox = try server.inbox(laptop.access)
            #expect(inbox.count(nodes) == 1)
            #expect(inbox["\(nodes).0.type"] == "session.new_device")
            #expect(inbox["\(nodes).0.category"] == "SECURITY")
            #expect(inbox["\(nodes).0.priority"] == "HIGH")
            #expect(inbox["\(nodes).0.subject.__typename"] == "AuthSession")
            #expect(inbox["\(nodes).0.subject.id"] == phone.session)
            #expect(inbox["data.viewer.notificationCounts.unread"] == "1")
            // What it is about is told only as long as it is there.
            try server.sql("UPDATE auth_sessions SET revoked_at = now() WHERE user_agent = 'phone/1.0'")
            let later = try server.inbox(laptop.access)
            #expect(later.count(nodes) == 1)
            #expect(later["\(nodes).0.subject.id"] == nil)
        }
    }

    @Test func `a session that ends because its token was copied is told, once`() async throws {
        try await APIServer.with { server in
            let laptop = try server.register("ida")
            let phone = try server.signIn("ida")
            _ = try server.tokens(server.askRefresh(phone.refresh), "data.sessionRefresh")
            server.pass(seconds: 11)
            for _ in 0..<2 {
                #expect(!(try server.askRefresh(phone.refresh, userAgent: "thief")).codes("sessionRefresh").isEmpty)
            }
            let inbox = try server.inbox(laptop.access)
            #expect(inbox.count(nodes) == 1)
            #expect(inbox["\(nodes).0.type"] == "session.token_reused")
            #expect(inbox["\(nodes).0.priority"] == "CRITICAL")
        }
    }

    @Test func `what a program says of itself is told as text`() async throws {
        try await APIServer.with { server in
            let laptop = try server.register("ida")
            _ = try server.signIn("ida", userAgent: "<b>\"'{{x}}\\n")
            let inbox = try server.ask("{ viewer { notifications { nodes { body } } } }", token: laptop.access)
            #expect(inbox["\(nodes).0.body"]?.contains("“<b>\"'{{x}}\\n” from 127.0.0.1") == true)
        }
    }
}
