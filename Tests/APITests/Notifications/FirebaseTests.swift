import Actions
import Credentials
import Data
import Foundation
import Jobs
import OutboundHTTP
import PostgresClient
import PythonTesting
import Testing

/// Firebase and its apps, played by a program that checks who asks.
private struct Firebase {
    private let program: PythonProgram
    private let url: String
    let account: String

    init() throws {
        program = try PythonProgram("APITests/Notifications/firebase.py", [])
        let told = try #require(program.object())
        url = try #require(told["url"] as? String)
        account = try #require(told["account"] as? String)
    }

    func services(_ client: OutboundClient) throws -> PushServices {
        let account = try #require(FirebaseAccount(json: account))
        let sender = FirebaseSender(account, base: url, client: client)
        return PushServices(sender: nil, firebase: sender, client: client)
    }

    /// What it was asked next.
    func next() throws -> APIAnswer {
        let told = try JSONSerialization.data(withJSONObject: try #require(program.object()))
        return try APIAnswer(text: String(decoding: told, as: UTF8.self))
    }
}

@Suite(.timeLimit(.minutes(3))) struct FirebaseTests {
    private static let app = "app-0123456789_abcdef:XYZ"

    private func subscribe(_ server: APIServer, _ device: String, _ name: String? = nil, token: String) throws {
        let answer = try server.subscribe("fcm", ["token": device], device: name, token: token)
        #expect(answer["data.pushSubscribe.subscription.provider"] == "FCM", "\(answer.text)")
    }

    private func withFirebase(_ body: (APIServer, Firebase) async throws -> Void) async throws {
        let firebase = try Firebase()
        try await APIServer.with(push: firebase.services) { try await body($0, firebase) }
    }

    @Test func `a message reaches an app, by one access token for all`() async throws {
        try await withFirebase { server, firebase in
            let ida = try server.register("ida")
            try subscribe(server, Self.app, " Phone ", token: ida.access)
            let user = try server.userID("ida")
            let title = "A “session” was ended"
            try await server.tell([NewNotification(.tokenReused, to: [user], title: title, body: "Sign in\nagain.")])
            try await server.work()
            let grant = try firebase.next()
            #expect(grant["scope"] == "https://www.googleapis.com/auth/firebase.messaging")
            let told = try firebase.next()
            #expect(told["message.token"] == Self.app && told["message.notification.title"] == title)
            #expect(told["message.notification.body"] == "Sign in\nagain.")
            #expect(told["message.data.type"] == "session.token_reused" && told["message.data.unread"] == "1")
            let id = try server.inbox(ida.access)["data.viewer.notifications.nodes.0.id"]
            #expect(told["message.data.id"] == id)
            #expect(told["message.android.priority"] == "HIGH" && told["message.android.ttl"] == "86400s")
            #expect(told["message.android.notification.tag"]?.count == 32)
            #expect(told["message.apns.payload.aps.badge"] == "1")
            #expect(try server.deliveries() == "PUSH SENT")
            try await server.mention([user], "hello")
            try await server.work()
            let second = try firebase.next()
            #expect(second["message.notification.title"] == "hello" && second["by"] == told["by"])
            let seen = try server.ask(
                "{ viewer { pushSubscriptions { deviceName provider lastUsedAt } } }",
                token: ida.access
            )
            #expect(seen["data.viewer.pushSubscriptions.0.deviceName"] == "Phone", "\(seen.text)")
            #expect(seen["data.viewer.pushSubscriptions.0.lastUsedAt"] != nil)
        }
    }

    @Test func `an app that was removed is forgotten, and nothing else that fails makes one so`() async throws {
        try await withFirebase { server, _ in
            let ida = try server.register("ida")
            for (name, device) in [
                ("gone", "app-UNREGISTERED-404-0000000000"), ("lost", "app-NOTFOUND-404-0000000000"),
                ("other", "app-SENDER_ID_MISMATCH-403-0000000000"), ("away", "app-once-503-0000000000"),
                ("late", "app-later-429-600-0000000000"), ("strict", "app-INVALID_ARGUMENT-400-0000000000"),
            ] {
                try subscribe(server, device, name, token: ida.access)
            }
            try await server.mention([server.userID("ida")], "hello")
            try await server.work()
            let left =
                "SELECT string_agg(device_name || ' ' || failures, ', ' ORDER BY device_name) FROM push_subscriptions"
            let failures = try server.sql(left)
            #expect(failures == "away 0, late 0, lost 0, other 0, strict 1")
            let later =
                "SELECT count(*) FROM jobs WHERE status = 'RETRYING' AND run_at > now() + interval '590 seconds'"
            #expect(try server.sql(later) == "1")
            try await server.work(all: true)
            #expect(try server.deliveries() == "PUSH SENT")
            for number in 0..<4 {
                try await server.mention([server.userID("ida")], "\(number)")
                try await server.work(all: true)
            }
            #expect(try server.sql(left) == "away 0, late 0, lost 0, other 0")
        }
    }

    @Test func `an access token that is taken back is asked for anew`() async throws {
        try await withFirebase { server, firebase in
            let ida = try server.register("ida")
            try subscribe(server, "app-once-401-0000000000", token: ida.access)
            try await server.mention([server.userID("ida")], "hello")
            try await server.work()
            #expect(try server.deliveries() == "PUSH SENDING")
            try await server.work(all: true)
            #expect(try server.deliveries() == "PUSH SENT")
            let asked = [try firebase.next(), try firebase.next(), try firebase.next(), try firebase.next()]
            #expect(asked.map { $0["grant"] } == ["1", nil, "2", nil])
            #expect(asked[3]["by"] == "access-1")
        }
    }

    @Test func `an app is of who signed in last`() async throws {
        try await withFirebase { server, firebase in
            let (ida, ben) = (try server.register("ida"), try server.register("ben"))
            for person in [ida, ben] { try subscribe(server, Self.app, token: person.access) }
            #expect(try server.sql("SELECT count(*) FROM push_subscriptions") == "1")
            try await server.mention([server.userID("ida")], "for ida")
            try await server.work()
            try await server.mention([server.userID("ben")], "for ben")
            try await server.work()
            #expect(try firebase.next()["grant"] == "1")
            #expect(try firebase.next()["message.notification.title"] == "for ben")
            #expect(try server.sql("SELECT count(*) FROM notification_deliveries WHERE status = 'SENT'") == "1")
        }
    }

    @Test(arguments: [
        "", "short", "https://push.example/0123456789", "white space 0123456789", "ümlaut-0123456789-abcdef",
    ])
    func `what is no token of an app is refused`(device: String) async throws {
        try await withFirebase { server, _ in
            let ida = try server.register("ida")
            let answer = try server.subscribe("fcm", ["token": device], device: "\u{7}", token: ida.access)
            #expect(answer.codes("pushSubscribe") == ["INVALID_INPUT", "INVALID_INPUT"], "\(answer.text)")
            #expect(answer["data.pushSubscribe.userErrors.0.path.2"] == "token")
            #expect(answer["data.pushSubscribe.userErrors.1.path.2"] == "deviceName")
        }
    }

    @Test func `who has no project takes no apps, and who has nothing else no browsers`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let answer = try server.subscribe("fcm", ["token": Self.app], token: ida.access)
            #expect(answer.codes("pushSubscribe") == ["FORBIDDEN"], "\(answer.text)")
        }
        try await withFirebase { server, _ in
            let ida = try server.register("ida")
            #expect(try server.ask("{ pushPublicKey }")["data.pushPublicKey"] == nil)
            let answer = try server.subscribe("https://push.example/1", "x", "y", token: ida.access)
            #expect(answer.codes("pushSubscribe") == ["FORBIDDEN"], "\(answer.text)")
        }
    }
}
