internal import Credentials
internal import Data
internal import PostgresClient

/// What is told in the list and is to be brought by another channel too, not before a moment.
struct NotificationCopy {
    let notification: UUID
    let channel: NotificationKind.Channel
    let eventCount: Int32
    /// Nil for one that waits for a digest.
    let time: Timestamp?
}

extension NewNotification {
    /// Those that somebody wants.
    func copies(of row: NotificationRow, for recipient: RecipientRow, at now: Timestamp) -> [NotificationCopy] {
        var copies: [NotificationCopy] = []
        for channel in [NotificationKind.Channel.email, .push] {
            guard kind.channels.contains(channel), channels?.contains(channel) ?? true,
                kind.category.isWanted(channel, recipient.wishes)
            else { continue }
            switch channel {
            case .inApp: continue
            case .email:
                guard recipient.hasAddress else { continue }
                let isLocked = kind.category.isLocked(on: .email)
                if !isLocked, recipient.wishes.digest == "OFF" { continue }
                let isDigested = !isLocked && recipient.wishes.digest != "IMMEDIATE"
                copies.append(copy(row, .email, isDigested ? nil : kind.mailTime(after: now, recipient)))
            case .push:
                guard recipient.hasPush else { continue }
                copies.append(copy(row, .push, kind.pushTime(after: now, recipient)))
            }
        }
        return copies
    }

    private func copy(
        _ row: NotificationRow,
        _ channel: NotificationKind.Channel,
        _ time: Timestamp?
    ) -> NotificationCopy {
        NotificationCopy(notification: row.id, channel: channel, eventCount: row.eventCount, time: time)
    }
}

extension NotificationKind {
    /// What is read within two minutes in its room needs no mail. Mails of security wait for no morning.
    fileprivate func mailTime(after now: Timestamp, _ recipient: RecipientRow) -> Timestamp {
        guard !category.isLocked(on: .email) else { return now }
        let waits = Timestamp(microseconds: now.microseconds + (category.isOfRooms ? 120_000_000 : 0))
        return max(waits, recipient.quietUntil(priority) ?? waits)
    }

    /// Who is connected may be reading it.
    fileprivate func pushTime(after now: Timestamp, _ recipient: RecipientRow) -> Timestamp {
        let pause: Int64 = category.isOfRooms && recipient.isConnected ? 15_000_000 : 0
        let waits = Timestamp(microseconds: now.microseconds + pause)
        return max(waits, recipient.quietUntil(priority) ?? waits)
    }
}

/// Notes what is to be brought, and the jobs that do it.
struct NotificationCopies {
    private struct Key: Hashable {
        let notification: UUID
        let channel: String
    }

    private let services: IdentityServices

    init(_ services: IdentityServices) { self.services = services }

    func add(_ told: [NotificationCopy], in transaction: Transaction) async throws {
        // Of several of one thread that were told in one go the last counts: a statement changes no row twice.
        var known: [Key: NotificationCopy] = [:]
        let copies = told.reversed().filter { copy in
            let key = Key(notification: copy.notification, channel: copy.channel.rawValue)
            if known[key] != nil { return false }
            known[key] = copy
            return true
        }
        let deliveries = copies.map { copy in
            NewDelivery(
                id: services.newID(),
                notification: copy.notification,
                channel: copy.channel.rawValue,
                isDigested: copy.time == nil
            )
        }
        let queued = try await transaction.insert(deliveries)
        let jobs = queued.compactMap { row -> NewJob? in
            guard let copy = known[Key(notification: row.notificationID, channel: row.channel)], let time = copy.time
            else { return nil }
            return DeliveryTask(delivery: row.id, eventCount: copy.eventCount).job(at: time)
        }
        try await transaction.enqueue(jobs, waking: services.database.worker)
    }
}

/// The job that brings one notification by one channel, as it was after so many events.
struct DeliveryTask {
    let delivery: UUID
    let eventCount: Int32

    init(delivery: UUID, eventCount: Int32) {
        self.delivery = delivery
        self.eventCount = eventCount
    }

    /// Nil for what is none.
    init?(_ payload: JSONText) {
        guard let fields = JSONValue(json: Array(payload.text.utf8))?.object,
            let delivery = fields["delivery"]?.string.flatMap(UUID.init),
            let count = fields["count"]?.number.flatMap(Int32.init(exactly:))
        else { return nil }
        self.init(delivery: delivery, eventCount: count)
    }

    func job(at time: Timestamp) -> NewJob {
        var job = NewJob(
            NotificationDelivery.job,
            payload: JSONText(
                JSONValue.json([
                    ("delivery", .string(delivery.description)), ("count", .number(Double(eventCount))),
                ])
            )
        )
        job.runAt = time
        job.maximumAttempts = 10
        return job
    }
}
