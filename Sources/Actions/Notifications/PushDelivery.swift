internal import Credentials
package import Data
internal import OutboundHTTP
internal import PostgresClient

/// The job that brings one notification to one browser.
struct PushTask {
    static let maximumAttempts: Int32 = 6

    let delivery: UUID
    let subscription: UUID

    init(delivery: UUID, subscription: UUID) {
        self.delivery = delivery
        self.subscription = subscription
    }

    /// Nil for what is none.
    init?(_ payload: JSONText) {
        guard let fields = ClaimValue(json: Array(payload.text.utf8))?.object,
            let delivery = fields["delivery"]?.string.flatMap(UUID.init),
            let subscription = fields["subscription"]?.string.flatMap(UUID.init)
        else { return nil }
        self.init(delivery: delivery, subscription: subscription)
    }

    var job: NewJob {
        let fields: [(String, ClaimValue)] = [
            ("delivery", .string(delivery.description)), ("subscription", .string(subscription.description)),
        ]
        var job = NewJob(PushDelivery.job, payload: JSONText(ClaimValue.json(fields)))
        job.maximumAttempts = PushTask.maximumAttempts
        return job
    }
}

/// Sends a message to a browser by the service that its maker runs, which cannot read it:
/// https://www.rfc-editor.org/rfc/rfc8030
///
/// Nothing of what the service answers but its status counts, and nobody is told of it: the address is a stranger's.
package struct PushDelivery {
    package static let job = "notifications.push"
    /// Messages in a row that were not taken; then the browser is forgotten.
    static let failuresAtMost: Int32 = 5

    private let services: IdentityServices
    private let push: PushServices

    package init(_ services: IdentityServices, _ push: PushServices) {
        self.services = services
        self.push = push
    }

    private enum Outcome {
        case taken
        /// There is no such browser any more, or never was.
        case gone(String)
        case refused(String)
    }

    package func run(_ job: Job) async throws {
        guard let task = PushTask(job.payload), let (message, subscription) = try await prepare(task) else { return }
        let outcome: Outcome
        do { outcome = try await send(message, to: subscription) } catch {
            guard job.attempt >= PushTask.maximumAttempts else { throw error }
            outcome = .refused((error as? OutboundFault)?.word ?? "failed")
        }
        let now = services.clock()
        try await services.database.pool.transaction { transaction in
            switch outcome {
            case .taken:
                try await transaction.usePushSubscription(subscription.id, at: now)
                try await transaction.endDelivery(task.delivery, isSent: true, error: nil, at: now)
            case .gone(let reason):
                try await transaction.deletePushSubscription(subscription.id)
                try await transaction.endDelivery(task.delivery, isSent: false, error: reason, at: now)
            case .refused(let reason):
                try await transaction.failPushSubscription(subscription.id, most: PushDelivery.failuresAtMost)
                try await transaction.endDelivery(task.delivery, isSent: false, error: reason, at: now)
            }
        }
    }

    /// What is sent to whom; nil when it is not to be sent any more.
    private func prepare(_ task: PushTask) async throws -> (NotificationPush, PushSubscriptionRow)? {
        let now = services.clock()
        return try await services.database.pool.transaction { transaction in
            guard let delivery = try await transaction.lockDelivery(task.delivery, at: now),
                ["SENDING", "SENT", "FAILED"].contains(delivery.status),
                let subscription = try await transaction.pushSubscriptions([task.subscription], at: now).first,
                subscription.userID == delivery.notification.userID
            else { return nil }
            if let reason = try await delivery.hindrance(at: now, in: transaction) {
                if delivery.status == "SENDING" { try await transaction.suppressDelivery(delivery.id, reason) }
                return nil
            }
            let unread = try await transaction.unreadNotifications(of: subscription.userID, at: now)
            return (NotificationPush(delivery.notification, unread: unread.reduce(0) { $0 + $1.unread }), subscription)
        }
    }

    /// Throws what may be mended by itself.
    private func send(_ message: NotificationPush, to subscription: PushSubscriptionRow) async throws -> Outcome {
        let bytes = try services.openKeys(of: subscription)
        guard let keys = WebPushKeys(publicKey: Array(bytes.prefix(65)), secret: Array(bytes.dropFirst(65))),
            let origin = push.origin(of: subscription.endpoint)
        else { return .gone("no address") }
        let seconds = services.clock().microseconds / 1_000_000
        guard let body = WebPushMessage.encrypted(message.body, for: keys),
            // Twelve hours: https://www.rfc-editor.org/rfc/rfc8292#section-2 allows a day.
            let authorization = push.sender.authorization(for: origin, expiresAtSeconds: seconds + 43_200)
        else { return .refused("not to be encrypted") }
        var request = OutboundRequest("POST", subscription.endpoint)
        request.fields = [
            ("authorization", authorization), ("content-encoding", "aes128gcm"),
            ("content-type", "application/octet-stream"), ("ttl", "\(push.lifetimeSeconds)"),
            ("urgency", message.urgency), ("topic", message.topic),
        ]
        request.body = body
        request.maximumBytes = 16 << 10
        request.reach = push.reach
        let response: OutboundResponse
        do { response = try await push.client.send(request) } catch OutboundFault.refusedAddress {
            return .gone("refused address")
        } catch OutboundFault.invalidRequest { return .gone("no address") }
        switch response.status {
        case 200..<300: return .taken
        case 404, 410: return .gone("expired")
        case 408, 429, 500...: throw OutboundFault.broken("status \(response.status)")
        default: return .refused("status \(response.status)")
        }
    }
}

/// What a page gets to show.
struct NotificationPush {
    private let row: NotificationRow
    private let unread: Int
    private static let bodyBytes = 1_500

    init(_ row: NotificationRow, unread: Int) {
        self.row = row
        self.unread = unread
    }

    /// JSON: `id`, `type`, `category`, `priority`, `title`, `body`, `url`, `subject`, `count` and `unread`.
    var body: [UInt8] {
        let subject = row.subjectType.flatMap { prefix in row.subjectID.map { GlobalID.text(prefix, $0) } }
        return Array(
            ClaimValue.json([
                ("id", .string(GlobalID.text("ntf", row.id))), ("type", .string(row.type)),
                ("category", .string(row.category)), ("priority", .string(row.priority)),
                ("title", .string(Self.start(of: row.title, bytes: 400))),
                ("body", .string(Self.start(of: row.body, bytes: Self.bodyBytes))),
                ("url", row.actionURL.map { .string(Self.start(of: $0, bytes: 400)) } ?? .null),
                ("subject", subject.map(ClaimValue.string) ?? .null), ("count", .number(Double(row.eventCount))),
                ("unread", .number(Double(unread))),
            ])
            .utf8
        )
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

extension IdentityServices {
    private func place(ofPush id: UUID) -> FieldCipher.Place {
        FieldCipher.Place(table: "push_subscriptions", column: "keys_enc", row: Array(id.description.utf8))
    }

    /// The public key of a browser and the secret it shares with this server.
    func sealKeys(_ keys: WebPushKeys, ofPush id: UUID) -> [UInt8] {
        cipher.seal(keys.publicKey + keys.secret, at: place(ofPush: id))
    }

    func openKeys(of row: PushSubscriptionRow) throws -> [UInt8] {
        try cipher.open(row.sealedKeys.content, at: place(ofPush: row.id))
    }
}
