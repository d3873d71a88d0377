import Actions
import Credentials
import Data
import EventLoop
import Foundation
import Jobs
import OutboundHTTP
import PostgresClient
import Testing

@Suite(.timeLimit(.minutes(3))) struct PushTests {
    private func hex(_ text: String) -> String {
        (Base64URL.decode(text) ?? []).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test func `a message reaches the browser that asked for it, and nobody between can read it`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let browser = try PushEndpoint()
            let key = try server.ask("{ pushPublicKey }")["data.pushPublicKey"]
            let answer = try server.subscribe(
                browser.address(201),
                browser.p256dh,
                browser.auth,
                device: " Phone ",
                token: ida.access
            )
            #expect(answer["data.pushSubscribe.subscription.deviceName"] == "Phone", "\(answer.text)")
            #expect(answer["data.pushSubscribe.subscription.provider"] == "WEB_PUSH")
            let user = try server.userID("ida")
            try await server.tell([
                NewNotification(.tokenReused, to: [user], title: "A “session” was ended", body: "Sign in\nagain.")
            ])
            try await server.work()
            let told = try browser.next()
            #expect(told["message.title"] == "A “session” was ended" && told["message.body"] == "Sign in\nagain.")
            #expect(told["message.type"] == "session.token_reused" && told["message.category"] == "SECURITY")
            #expect(told["message.unread"] == "1" && told["message.count"] == "1")
            let id = try server.inbox(ida.access)["data.viewer.notifications.nodes.0.id"]
            #expect(told["message.id"] == id)
            #expect(told["readable"] == "0")
            #expect(told["fields.content-encoding"] == "aes128gcm" && told["fields.ttl"] == "86400")
            #expect(told["fields.urgency"] == "high" && told["fields.topic"]?.count == 32)
            #expect(told["vapid.key"] == key && told["vapid.head.alg"] == "ES256")
            #expect(told["vapid.claims.aud"] == browser.url && told["vapid.claims.sub"] == "mailto:ops@example.org")
            let seen = try server.ask(
                """
                { viewer { pushSubscriptions { deviceName lastUsedAt }
                    notifications { nodes { deliveries { channel status attempts sentAt } } } } }
                """,
                token: ida.access
            )
            #expect(seen["data.viewer.pushSubscriptions.0.lastUsedAt"] != nil, "\(seen.text)")
            let delivery = "data.viewer.notifications.nodes.0.deliveries.0"
            #expect(seen["\(delivery).channel"] == "PUSH" && seen["\(delivery).status"] == "SENT")
            #expect(seen["\(delivery).attempts"] == "1" && seen["\(delivery).sentAt"] != nil)
            // What the browser gave stands nowhere as it is.
            let point = "SELECT position(decode('\(hex(browser.p256dh))', 'hex') IN keys_enc) FROM push_subscriptions"
            #expect(try server.sql(point) == "0")
        }
    }

    @Test func `a browser that is gone is forgotten, and one that fails for a while is asked again`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let browser = try PushEndpoint()
            for (name, statuses) in [("gone", [410]), ("unknown", [404]), ("late", [503, 201]), ("strict", [400])] {
                let address = "\(browser.url)/status/\(statuses.map(String.init).joined(separator: ","))/\(name)"
                _ = try server.subscribe(address, browser.p256dh, browser.auth, device: name, token: ida.access)
            }
            try await server.mention([server.userID("ida")], "hello")
            try await server.work()
            let left =
                "SELECT string_agg(device_name || ' ' || failures, ', ' ORDER BY device_name) FROM push_subscriptions"
            #expect(try server.sql(left) == "late 0, strict 1")
            // One took it in the end.
            try await server.work(all: true)
            #expect(try server.deliveries() == "PUSH SENT")
            // One that never takes anything is forgotten after five.
            for number in 0..<4 {
                try await server.mention([server.userID("ida")], "\(number)")
                try await server.work(all: true)
            }
            #expect(try server.sql(left) == "late 0")
        }
    }

    @Test func `a push service that is away, or does not know this server, makes no browser forgotten`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let browser = try PushEndpoint()
            for status in [503, 403] { try server.subscribe(browser, status, name: "\(status)", token: ida.access) }
            let user = try server.userID("ida")
            for number in 0..<6 {
                try await server.mention([user], "\(number)")
                for _ in 0..<PushTests.attempts { try await server.work(all: true) }
            }
            #expect(try server.sql("SELECT count(*) || ' ' || sum(failures) FROM push_subscriptions") == "2 0")
            #expect(try server.sql("SELECT count(*) FROM jobs WHERE status = 'RETRYING'") == "0")
            #expect(try server.deliveries() == Array(repeating: "PUSH FAILED", count: 6).joined(separator: ", "))
        }
    }

    private static let attempts = 7

    @Test func `a service that says when to come back is left alone until then`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let browser = try PushEndpoint()
            let address = "\(browser.url)/later/429/600"
            _ = try server.subscribe(address, browser.p256dh, browser.auth, token: ida.access)
            try await server.mention([server.userID("ida")], "hello")
            try await server.work()
            let later = "SELECT run_at > now() + interval '590 seconds' FROM jobs WHERE status = 'RETRYING'"
            #expect(try server.sql(later) == "t")
            // In another life it has as many attempts as in the first.
            try server.sql("UPDATE jobs SET attempts = 6 WHERE name = 'notifications.push'")
            try await server.revive("notifications.push")
            try await server.work()
            #expect(try server.sql(later) == "t")
            #expect(try server.deliveries() == "PUSH SENDING")
        }
    }

    @Test func `services that never answer hold up nothing but pushes`() async throws {
        try await APIServer.with { server in
            let (ida, ben) = (try server.register("ida"), try server.register("ben"))
            try server.sql("UPDATE users SET status = 'ACTIVE', email_verified_at = now() WHERE username = 'ben'")
            let browser = try PushEndpoint()
            for number in 0..<20 {
                let address = "\(browser.url)/hold/0/\(number)"
                _ = try server.subscribe(address, browser.p256dh, browser.auth, token: ida.access)
            }
            let patient = PushServices(
                sender: PushSender(secret: "x", contact: "mailto:ops@example.org"),
                client: server.outbound,
                reach: .anywhere,
                deadline: .seconds(120)
            )
            try await server.mention([server.userID("ida")], "hello")
            await server.runJobs(push: patient)
            let states = "SELECT count(*) FROM jobs WHERE name = 'notifications.push' AND status ="
            try await server.until("\(states) 'RUNNING'", is: "4")
            let alarm = NewNotification(.tokenReused, to: [try server.userID("ben")], title: "A session", body: "")
            try await server.tell([alarm])
            _ = try await server.mail(to: "ben@example.org", "A session")
            #expect(try server.sql("\(states) 'RUNNING'") == "4")
            #expect(try server.sql("\(states) 'QUEUED'") == "16")
            withExtendedLifetime(ben) {}
        }
    }

    @Test func `who has slow browsers takes no places from others`() async throws {
        try await APIServer.with { server in
            let browser = try PushEndpoint()
            for name in ["ida", "ben"] {
                let tokens = try server.register(name)
                try server.subscribe(browser, 201, name: name, token: tokens.access)
            }
            let strict = PushServices(
                sender: PushSender(secret: "x", contact: "mailto:ops@example.org"),
                client: server.outbound,
                reach: .anywhere,
                budget: PushBudget(perMinute: .zero)
            )
            for (name, title) in [("ida", "one"), ("ida", "two"), ("ben", "three")] {
                try await server.mention([server.userID(name)], title)
                try await server.work(push: strict)
            }
            #expect(try server.deliveries() == "PUSH SENT, PUSH FAILED, PUSH SENT")
            #expect(try server.sql("SELECT max(last_error) FROM notification_deliveries") == "too slow")
            #expect(try server.sql("SELECT sum(failures) FROM push_subscriptions") == "0")
        }
    }

    @Test func `nobody is told of more than sixty things a minute by push`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let browser = try PushEndpoint()
            try server.subscribe(browser, 201, token: ida.access)
            let user = try server.userID("ida")
            try await server.mention([user], "one")
            try await server.work()
            try server.sql(
                "UPDATE rate_buckets SET tokens = -50, refilled_at = clock_timestamp() WHERE key LIKE 'push:%'"
            )
            try await server.mention([user], "two")
            try await server.tell([NewNotification(.tokenReused, to: [user], title: "alarm", body: "")])
            try await server.work()
            #expect(try server.deliveries() == "PUSH SENT, PUSH SUPPRESSED, PUSH SENT")
        }
    }

    @Test func `a browser that came anew leaves no push on its way for ever`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let browser = try PushEndpoint()
            try server.subscribe(browser, 503, token: ida.access)
            try await server.mention([server.userID("ida")], "hello")
            try await server.work()
            #expect(try server.deliveries() == "PUSH SENDING")
            try server.subscribe(browser, 503, token: ida.access)
            try await server.work(all: true)
            #expect(try server.deliveries() == "PUSH FAILED")
            #expect(try server.sql("SELECT last_error FROM notification_deliveries") == "no device")
        }
    }

    @Test(arguments: [
        "https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x", "https://10.1.2.3/x",
        "https://192.168.1.1:8443/x",
        "https://169.254.169.254/latest/meta-data", "https://[fd00::1]/x", "https://[::ffff:127.0.0.1]/x",
        "https://2130706433/x", "https://0x7f000001/x", "https://0177.0.0.1/x", "https://intranet/x",
        "https://db.internal/x", "http://push.example/x", "ftp://push.example/x", "https://me@push.example/x",
        "https://push.example/x#y", "https://push.example\\@10.0.0.1/x", "https:///x", "push.example", "",
        "https://push.example/ x", "https://push.example/\u{e9}", "javascript:alert(1)",
    ])
    func `no message goes to an address that is not of the web`(address: String) async throws {
        try await APIServer.with(push: { APIServer.pushes($0, reach: .publicOnly) }) { server in
            let ida = try server.register("ida")
            let browser = try PushEndpoint()
            let answer = try server.subscribe(address, browser.p256dh, browser.auth, token: ida.access)
            #expect(answer.codes("pushSubscribe") == ["INVALID_INPUT"], "\(answer.text)")
            #expect(answer["data.pushSubscribe.userErrors.0.path.2"] == "endpoint")
        }
    }

    @Test func `a name that leads into this network is found out when it is asked, and forgotten`() async throws {
        let browser = try PushEndpoint()
        let port = try #require(browser.url.split(separator: ":").last)
        var outbound = OutboundOptions()
        outbound.addresses = ["push.example.org:\(port):127.0.0.1"]
        try await APIServer.with(outbound: outbound, push: { APIServer.pushes($0, reach: .publicOnly) }) { server in
            let ida = try server.register("ida")
            // Nothing in its text says where it leads.
            let address = "https://push.example.org:\(port)/status/201/a"
            let answer = try server.subscribe(address, browser.p256dh, browser.auth, token: ida.access)
            #expect(answer["data.pushSubscribe.subscription.id"] != nil, "\(answer.text)")
            try await server.mention([server.userID("ida")], "hello")
            try await server.work()
            #expect(try server.sql("SELECT count(*) FROM push_subscriptions") == "0")
            #expect(try server.deliveries() == "PUSH FAILED")
            #expect(try server.sql("SELECT last_error FROM notification_deliveries") == "refused address")
        }
    }

    @Test(arguments: [
        ("", "BTBZMqHH6r4Tts7J_aSIgg"), ("AAAA", "BTBZMqHH6r4Tts7J_aSIgg"), ("nonsense!", "x"),
        (
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8",
            "BTBZMqHH6r4Tts7J_aSIgg"
        ),
        ("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZ"),
    ])
    func `keys that are none are refused`(p256dh: String, auth: String) async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let answer = try server.subscribe("https://push.example/1", p256dh, auth, token: ida.access)
            #expect(answer.codes("pushSubscribe") == ["INVALID_INPUT"], "\(answer.text)")
            #expect(answer["data.pushSubscribe.userErrors.0.path.2"] == "p256dh")
        }
    }

    @Test func `a browser is of one account at a time, and who only knows its address gets nothing`() async throws {
        try await APIServer.with { server in
            let (ida, eve) = (try server.register("ida"), try server.register("eve"))
            let (browser, other) = (try PushEndpoint(), try PushEndpoint())
            let first = try server.subscribe(browser, 201, token: ida.access)
            // Again, as pages do each time they begin.
            let second = try server.subscribe(browser, 201, token: ida.access)
            #expect(first != second)
            #expect(try server.sql("SELECT count(*) FROM push_subscriptions") == "1")
            let stolen = try server.subscribe(browser.address(201), other.p256dh, other.auth, token: eve.access)
            #expect(stolen.codes("pushSubscribe") == ["INVALID_INPUT"])
            let remove = "mutation { pushUnsubscribe(id: \"\(second)\") { deletedId userErrors { code } } }"
            #expect(try server.ask(remove, token: eve.access).codes("pushUnsubscribe") == ["NOT_FOUND"])
            // Somebody else has signed in in the same browser.
            try server.subscribe(browser, 201, token: eve.access)
            try await server.mention([server.userID("ida"), server.userID("eve")], "hello")
            try await server.work()
            #expect(try browser.next()["message.title"] == "hello")
            #expect(try server.deliveries() == "PUSH SENT")
            let own = try #require(
                try server.ask("{ viewer { pushSubscriptions { id } } }", token: eve.access)[
                    "data.viewer.pushSubscriptions.0.id"
                ]
            )
            let removal = "mutation { pushUnsubscribe(id: \"\(own)\") { deletedId userErrors { code } } }"
            #expect(try server.ask(removal, token: eve.access)["data.pushUnsubscribe.deletedId"] == own)
            #expect(try server.sql("SELECT count(*) FROM push_subscriptions") == "0")
        }
    }

    @Test func `who has signed out there hears nothing there, and nobody has browsers without end`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let phone = try server.signIn("ida")
            let browser = try PushEndpoint()
            for number in 0..<20 {
                try server.subscribe(browser, 201, name: "n\(number)", token: phone.access)
            }
            let more = try server.subscribe(browser.address(201), browser.p256dh, browser.auth, token: ida.access)
            #expect(more.codes("pushSubscribe") == ["QUOTA_EXCEEDED"])
            _ = try server.ask("mutation { signOut { userErrors { code } } }", token: phone.access)
            try server.subscribe(browser, 201, name: "kept", token: ida.access)
            #expect(
                try server.ask("{ viewer { pushSubscriptions { id } } }", token: ida.access)
                    .count("data.viewer.pushSubscriptions") == 1
            )
            try await server.mention([server.userID("ida")], "hello")
            try await server.work()
            #expect(try browser.next()["path"]?.hasSuffix("/kept") == true)
            #expect(try server.sql("SELECT count(*) FROM jobs WHERE name = 'notifications.push'") == "1")
            try await server.group.loops[0].start { [identity = server.identity] in
                _ = try await NotificationPurge(identity).run()
            }
            #expect(try server.sql("SELECT count(*) FROM push_subscriptions") == "1")
        }
    }

    @Test func `what was read, switched off or taken out of sight meanwhile is not sent`() async throws {
        try await APIServer.with { server in
            let people = try ["read", "off", "list", "put", "kept"].map { try server.register($0) }
            let browser = try PushEndpoint()
            for (index, person) in people.enumerated() {
                try server.subscribe(browser, 201, name: "\(index)", token: person.access)
            }
            let users = try ["read", "off", "list", "put", "kept"].map(server.userID)
            try await server.mention(users, "hello")
            _ = try server.ask("mutation { notificationsMarkAllRead { updatedCount } }", token: people[0].access)
            for (index, channel) in [(1, "PUSH"), (2, "IN_APP")] {
                let row: [String: Any] = ["category": "CHAT_MENTION", "channel": channel, "enabled": false]
                _ = try server.updatePreferences(["rows": [row]], token: people[index].access)
            }
            try server.sql("UPDATE notifications SET archived_at = now() WHERE user_id = '\(users[3])'")
            try await server.work()
            #expect(try browser.next()["path"]?.hasSuffix("/4") == true)
            #expect(try server.sql("SELECT count(*) FROM jobs WHERE name = 'notifications.push'") == "1")
            let states = try server.sql("SELECT string_agg(status, ' ' ORDER BY status) FROM notification_deliveries")
            #expect(states == "SENT SUPPRESSED SUPPRESSED SUPPRESSED SUPPRESSED")
            // Who has switched it off before is not told at all.
            try await server.mention([users[1], users[2]], "again")
            #expect(try server.sql("SELECT count(*) FROM notification_deliveries") == "5")
            #expect(try server.sql("SELECT count(*) FROM notifications WHERE title = 'again'") == "1")
        }
    }

    @Test func `a push waits for the end of quiet hours, and what is critical does not`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            let browser = try PushEndpoint()
            try server.subscribe(browser, 201, token: ida.access)
            _ = try server.updatePreferences(["mutedUntil": "2999-01-01T00:00:00Z"], token: ida.access)
            try await server.mention([user], "at night")
            try await server.tell([NewNotification(.tokenReused, to: [user], title: "alarm", body: "")])
            try await server.work()
            #expect(try browser.next()["message.title"] == "alarm")
            #expect(
                try server.sql("SELECT string_agg(status, ' ' ORDER BY status) FROM notification_deliveries")
                    == "QUEUED SENT"
            )
            // Run too early, it waits on.
            try await server.work(all: true)
            let later = "SELECT count(*) FROM jobs WHERE status = 'QUEUED' AND run_at = '2999-01-01T00:00:00Z'"
            #expect(try server.sql(later) == "1")
            _ = try server.updatePreferences(["mutedUntil": NSNull()], token: ida.access)
            try await server.work(all: true)
            #expect(try browser.next()["message.title"] == "at night")
        }
    }

    @Test func `who is not to be disturbed gets no pushes, but for what is critical`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let user = try server.userID("ida")
            let browser = try PushEndpoint()
            try server.subscribe(browser, 201, token: ida.access)
            let set = "mutation ($s: PresenceStatus) { presenceSet(input: { status: $s }) { userErrors { code } } }"
            _ = try server.ask(set, ["s": "DO_NOT_DISTURB"], token: ida.access)
            try await server.mention([user], "lunch", .thread("a"))
            try await server.tell([NewNotification(.tokenReused, to: [user], title: "alarm", body: "")])
            try await server.work()
            #expect(try browser.next()["message.title"] == "alarm")
            #expect(try server.deliveries() == "PUSH SUPPRESSED, PUSH SENT")
            // What is told again when they are back is.
            _ = try server.ask(set, ["s": NSNull()], token: ida.access)
            try await server.mention([user], "still lunch", .thread("a"))
            try await server.work()
            #expect(try browser.next()["message.title"] == "still lunch")
        }
    }

    @Test func `what is told of a private room says nothing of it, and nobody hears it who was taken out`() async throws
    {
        try await APIServer.with { server in
            let (ida, ben, eve) = (try server.person("ida"), try server.person("ben"), try server.person("eve"))
            let group = try server.group(of: [ida, ben, eve])
            let made = try server.askChannel("secret-plans", in: group, isPrivate: true, members: [ben, eve], by: ida)
            let room = try #require(made["data.channelCreate.channel.id"])
            let browser = try PushEndpoint()
            for person in [ben, eve] { try server.subscribe(browser, 201, name: person.name, token: person.token) }
            try server.send("@ben @eve the treasure is under the oak", to: room, by: ida)
            let out =
                "mutation ($c: ID!, $u: ID!) { channelMemberRemove(channelId: $c, userId: $u) { userErrors { code } } }"
            _ = try server.ask(out, ["c": room, "u": eve.id], token: ida.token)
            try await server.work(all: true)
            let told = try browser.next()
            #expect(told["path"]?.hasSuffix("/ben") == true)
            #expect(
                told["message.title"] == "ida wrote of you" || told["message.title"]?.hasSuffix("wrote of you") == true
            )
            for word in ["treasure", "secret", "oak"] { #expect(!told.text.contains(word)) }
            #expect(try server.sql("SELECT count(*) FROM jobs WHERE name = 'notifications.push'") == "1")
            // The list has no more than that either.
            let inbox = try server.inbox(eve.token)
            #expect(inbox["data.viewer.notifications.nodes.0.subject.id"] == nil)
            for word in ["treasure", "secret", "oak"] { #expect(!inbox.text.contains(word)) }
        }
    }

    @Test
    func `what is told again of a thread takes the place of what waits, and what was read in its room is not sent`()
        async throws
    {
        try await APIServer.with { server in
            let (ida, ben) = (try server.person("ida"), try server.person("ben"))
            let group = try server.group(of: [ida, ben])
            let browser = try PushEndpoint()
            try server.subscribe(browser, 201, token: ben.token)
            for number in 0..<3 { try server.send("@ben \(number)", to: group.general, by: ida) }
            try await server.work(all: true)
            let first = try browser.next()
            #expect(first["message.count"] == "3")
            try server.send("@ben 4", to: group.general, by: ida)
            try await server.work(all: true)
            let second = try browser.next()
            #expect(second["message.count"] == "4")
            #expect(first["fields.topic"] == second["fields.topic"])
            try server.send("@ben 5", to: group.general, by: ida)
            let read = "mutation ($r: ID!) { roomMarkRead(input: {roomId: $r, uptoSeq: 5}) { userErrors { code } } }"
            let answer = try server.ask(read, ["r": group.general], token: ben.token)
            #expect(answer.errorCode == nil, "\(answer.text)")
            try await server.work(all: true)
            #expect(try server.sql("SELECT count(*) FROM jobs WHERE name = 'notifications.push'") == "2")
            #expect(try server.deliveries() == "PUSH SUPPRESSED")
        }
    }

    @Test func `a server without a key sends none and says so`() async throws {
        try await APIServer.with { server in
            let ida = try server.register("ida")
            let browser = try PushEndpoint()
            try server.subscribe(browser, 201, token: ida.access)
            try await server.mention([server.userID("ida")], "hello")
            let catalog = JobCatalog.application(
                server.database,
                identity: server.identity,
                files: server.files,
                mails: server.mails,
                push: nil,
                chat: ChatOptions()
            )
            await server.database.startJobs(name: "tests", JobWorker.Options()) { try await catalog.run($0) }
            try await server.until("SELECT status FROM notification_deliveries", is: "SUPPRESSED")
        }
    }
}
