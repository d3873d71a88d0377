internal import Credentials
package import Data
internal import EventLoop
internal import OutboundHTTP
internal import PostgresClient

/// The job that brings one notification to one device, as it was after so many events.
struct PushTask {
    static let maximumAttempts: Int32 = 6

    let delivery: UUID
    let subscription: UUID
    let eventCount: Int32

    init(delivery: UUID, subscription: UUID, eventCount: Int32) {
        self.delivery = delivery
        self.subscription = subscription
        self.eventCount = eventCount
    }

    /// Nil for what is none.
    init?(_ payload: JSONText) {
        guard let fields = JSONValue(json: Array(payload.text.utf8))?.object,
            let delivery = fields["delivery"]?.string.flatMap(UUID.init),
            let subscription = fields["subscription"]?.string.flatMap(UUID.init)
        else { return nil }
        let count = fields["count"]?.number.flatMap(Int32.init(exactly:)) ?? .max
        self.init(delivery: delivery, subscription: subscription, eventCount: count)
    }

    /// In a queue of its own, and once however often it is added.
    var job: NewJob {
        let fields: [(String, JSONValue)] = [
            ("delivery", .string(delivery.description)), ("subscription", .string(subscription.description)),
            ("count", .number(Double(eventCount))),
        ]
        var job = NewJob(PushDelivery.job, payload: JSONText(JSONValue.json(fields)))
        job.queue = PushDelivery.queue
        job.uniqueKey = "\(delivery):\(subscription):\(eventCount)"
        job.maximumAttempts = PushTask.maximumAttempts
        return job
    }
}

/// Sends a message to a browser by the service that its maker runs, which cannot read it
/// (https://www.rfc-editor.org/rfc/rfc8030), or to an app by Firebase.
///
/// Nothing of what the service answers but its status, and when to come back, counts, and nobody is told of it: the address is
/// a stranger's.
package struct PushDelivery {
    package static let job = "notifications.push"
    /// Strangers' servers are waited for here, and what has another queue waits for none of them.
    package static let queue = "push"
    /// Messages in a row that were refused; then the device is forgotten.
    static let failuresAtMost: Int32 = 5
    private let services: IdentityServices
    private let push: PushServices

    package init(_ services: IdentityServices, _ push: PushServices) {
        self.services = services
        self.push = push
    }

    package func run(_ job: Job) async throws {
        guard let task = PushTask(job.payload), let (message, subscription) = try await prepare(task) else { return }
        let outcome: PushOutcome
        if push.budget.admits(subscription.userID, at: EventLoop.monotonicTime()) {
            let start = EventLoop.monotonicTime()
            defer { push.budget.note(subscription.userID, from: start, to: EventLoop.monotonicTime()) }
            outcome = try await send(message, to: subscription)
        } else {
            outcome = .failed("too slow")
        }
        if case .later(let reason, let seconds) = outcome, job.attemptOfLife < PushTask.maximumAttempts {
            throw JobDelay(reason, seconds: seconds)
        }
        try await end(task, subscription.id, outcome)
    }

    private func end(_ task: PushTask, _ subscription: UUID, _ outcome: PushOutcome) async throws {
        let now = services.clock()
        try await services.database.pool.transaction { transaction in
            switch outcome {
            case .taken:
                try await transaction.usePushSubscription(subscription, at: now)
                try await transaction.endDelivery(task.delivery, isSent: true, error: nil, at: now)
            case .gone(let reason):
                try await transaction.deletePushSubscription(subscription)
                try await transaction.endDelivery(task.delivery, isSent: false, error: reason, at: now)
            case .refused(let reason):
                try await transaction.failPushSubscription(subscription, most: PushDelivery.failuresAtMost)
                try await transaction.endDelivery(task.delivery, isSent: false, error: reason, at: now)
            case .failed(let reason), .later(let reason, _):
                try await transaction.endDelivery(task.delivery, isSent: false, error: reason, at: now)
            }
        }
    }

    /// What is sent to whom; nil when it is not to be sent any more, or a later job tells more.
    private func prepare(_ task: PushTask) async throws -> (NotificationPush, PushSubscriptionRow)? {
        let now = services.clock()
        return try await services.database.pool.transaction { transaction in
            guard let delivery = try await transaction.lockDelivery(task.delivery, at: now),
                ["SENDING", "SENT", "FAILED"].contains(delivery.status),
                task.eventCount >= delivery.notification.eventCount
            else { return nil }
            guard let subscription = try await transaction.pushSubscriptions([task.subscription], at: now).first,
                subscription.userID == delivery.notification.userID
            else {
                // Of several devices another one may take it still.
                try await transaction.endDelivery(delivery.id, isSent: false, error: "no device", at: now)
                return nil
            }
            if let reason = try await delivery.hindrance(at: now, in: transaction) {
                if delivery.status == "SENDING" { try await transaction.suppressDelivery(delivery.id, reason) }
                return nil
            }
            let unread = try await transaction.unreadNotifications(of: subscription.userID, at: now)
            return (NotificationPush(delivery.notification, unread: unread.reduce(0) { $0 + $1.unread }), subscription)
        }
    }

    /// Throws only what is of this process: it is stopped.
    private func send(_ message: NotificationPush, to subscription: PushSubscriptionRow) async throws -> PushOutcome {
        switch subscription.provider {
        case .webPush: return try await sendToBrowser(message, subscription)
        case .firebase:
            guard let firebase = push.firebase else { return .failed("no project of Firebase") }
            return try await firebase.send(
                message,
                to: subscription.endpoint,
                lifetimeSeconds: push.lifetimeSeconds,
                deadline: push.deadline,
                atSeconds: services.clock().microseconds / 1_000_000
            )
        }
    }

    private func sendToBrowser(
        _ message: NotificationPush,
        _ subscription: PushSubscriptionRow
    ) async throws -> PushOutcome {
        guard let sender = push.sender else { return .failed("no key") }
        let bytes = try services.openKeys(of: subscription)
        guard let keys = WebPushKeys(publicKey: Array(bytes.prefix(65)), secret: Array(bytes.dropFirst(65))),
            let origin = push.origin(of: subscription.endpoint)
        else { return .gone("no address") }
        let seconds = services.clock().microseconds / 1_000_000
        guard let body = WebPushMessage.encrypted(message.body, for: keys),
            // Twelve hours: https://www.rfc-editor.org/rfc/rfc8292#section-2 allows a day.
            let authorization = sender.authorization(for: origin, expiresAtSeconds: seconds + 43_200)
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
        request.deadline = push.deadline
        do { return Self.outcome(of: try await push.client.send(request)) } catch OutboundFault.refusedAddress {
            return .gone("refused address")
        } catch OutboundFault.invalidRequest {
            return .gone("no address")
        } catch let fault as OutboundFault {
            return .later(fault.word, seconds: 0)
        }
    }

    private static func outcome(of response: OutboundResponse) -> PushOutcome {
        let reason = "status \(response.status)"
        switch response.status {
        case 200..<300: return .taken
        case 404, 410: return .gone("expired")
        // The key is of another server, or a clock is wrong.
        case 401, 403: return .failed(reason)
        case 408, 429, 500...: return .later(response)
        default: return .refused(reason)
        }
    }
}

extension IdentityServices {
    private func place(ofPush id: UUID) -> FieldCipher.Place {
        FieldCipher.Place(table: "push_subscriptions", column: "keys_enc", row: Array(id.description.utf8))
    }

    /// What only a device and this server know: of a browser its public key and the secret they share.
    func sealKeys(_ keys: [UInt8], ofPush id: UUID) -> [UInt8] { cipher.seal(keys, at: place(ofPush: id)) }

    func openKeys(of row: PushSubscriptionRow) throws -> [UInt8] {
        try cipher.open(row.sealedKeys.content, at: place(ofPush: row.id))
    }
}
