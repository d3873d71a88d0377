internal import Credentials
internal import Data

/// What a device gets to show of a notification.
struct NotificationPush {
    private let row: NotificationRow
    private let unread: Int
    private static let bodyBytes = 1_500

    init(_ row: NotificationRow, unread: Int) {
        self.row = row
        self.unread = unread
    }

    private var title: String { Self.start(of: row.title, bytes: 400) }
    private var text: String { Self.start(of: row.body, bytes: Self.bodyBytes) }

    /// What is to be known of it beside its text.
    private var facts: [(name: String, value: String?)] {
        [
            ("id", GlobalID.text("ntf", row.id)), ("type", row.type), ("category", row.category),
            ("priority", row.priority),
            // One that does not fit is left out: cut, it would lead elsewhere.
            ("url", row.actionURL.flatMap { $0.utf8.count <= 400 ? $0 : nil }),
            ("subject", row.subjectType.flatMap { prefix in row.subjectID.map { GlobalID.text(prefix, $0) } }),
        ]
    }

    /// JSON for a page: `id`, `type`, `category`, `priority`, `url`, `subject`, `title`, `body`, `count` and `unread`.
    var body: [UInt8] {
        let facts = facts.map { ($0.name, $0.value.map(JSONValue.string) ?? .null) }
        let texts: [(String, JSONValue)] = [
            ("title", .string(title)), ("body", .string(text)), ("count", .number(Double(row.eventCount))),
            ("unread", .number(Double(unread))),
        ]
        return Array(JSONValue.json(facts + texts).utf8)
    }

    /// The same for an app, which its system shows while the app sleeps:
    /// https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages
    func firebaseBody(to device: String, lifetimeSeconds: Int, atSeconds now: Int64) -> [UInt8] {
        let isUrgent = urgency == "high"
        var data = Dictionary(
            uniqueKeysWithValues: facts.compactMap { fact in fact.value.map { (fact.name, JSONValue.string($0)) } }
        )
        data["count"] = .string("\(row.eventCount)")
        data["unread"] = .string("\(unread)")
        let message: [String: JSONValue] = [
            "token": .string(device), "notification": .object(["title": .string(title), "body": .string(text)]),
            "data": .object(data),
            "android": .object([
                "priority": .string(isUrgent ? "HIGH" : "NORMAL"), "ttl": .string("\(lifetimeSeconds)s"),
                "notification": .object(["tag": .string(topic)]),
            ]),
            "apns": .object([
                "headers": .object([
                    "apns-priority": .string(isUrgent ? "10" : "5"), "apns-collapse-id": .string(topic),
                    "apns-expiration": .string("\(now + Int64(lifetimeSeconds))"),
                ]),
                "payload": .object(["aps": .object(["badge": .number(Double(unread))])]),
            ]),
        ]
        return Array(JSONValue.json([("message", .object(message))]).utf8)
    }

    var urgency: String {
        switch row.priority {
        case "LOW": "low"
        case "HIGH", "CRITICAL": "high"
        default: "normal"
        }
    }

    /// What comes of the same notification later takes the place of what waits at the service. Says nothing to it.
    var topic: String { String(Base64URL.encode(Digest.sha256(Array("push:\(row.id)".utf8))).prefix(32)) }

    /// As many whole characters as have room as JSON, in which one byte may become six.
    private static func start(of text: String, bytes: Int) -> String {
        var left = bytes
        var start = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            left -= scalar.value < 0x20 ? 6 : scalar == "\"" || scalar == "\\" ? 2 : String(scalar).utf8.count
            guard left >= 0 else {
                start.append("…")
                break
            }
            start.append(scalar)
        }
        return String(start)
    }
}
