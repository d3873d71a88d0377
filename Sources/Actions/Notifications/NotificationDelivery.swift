internal import Credentials
package import Data
internal import PostgresClient

/// Brings a notification by mail or push, if it is still to be brought when the time has come: it was not read meanwhile,
/// is wanted still, and is about something that its reader may still see.
package struct NotificationDelivery {
    package static let job = "notifications.deliver"
    /// Notifications that one person is told of by push.
    static let pushesPerMinute = 60
    /// Mails that one person gets of what another does to them in teams, however many those make for it.
    static let teamMailsPerDay = 5

    private let services: IdentityServices
    private let sendsPushes: Bool

    package init(_ services: IdentityServices, _ push: PushServices?) {
        self.services = services
        sendsPushes = push != nil
    }

    package func run(_ job: Job) async throws {
        guard let task = DeliveryTask(job.payload) else { return }
        let now = services.clock()
        try await services.database.pool.transaction { transaction in
            guard let delivery = try await transaction.lockDelivery(task.delivery, at: now),
                delivery.status == "QUEUED"
            else { return }
            let isMail = delivery.channel == NotificationKind.Channel.email.rawValue
            // Of pushes each event has a job, of which the last tells of all; a mail is one for all of them.
            guard isMail || task.eventCount >= delivery.notification.eventCount else { return }
            if let reason = try await delivery.hindrance(at: now, in: transaction) {
                return try await transaction.suppressDelivery(delivery.id, reason)
            }
            if let time = delivery.postponedUntil {
                try await transaction.enqueue([task.job(at: time)], waking: services.database.worker)
                return
            }
            if isMail {
                guard try await !isTooMuch(delivery, in: transaction) else {
                    return try await transaction.suppressDelivery(delivery.id, "too many")
                }
                try await mail(delivery, in: transaction)
            } else {
                try await push(delivery, at: now, in: transaction)
            }
        }
    }

    /// What is not mailed is in the list.
    private func isTooMuch(_ delivery: DeliveryRow, in transaction: Transaction) async throws -> Bool {
        guard delivery.category == .team, let actor = delivery.notification.actorID else { return false }
        let key = "team_mail:\(actor):\(delivery.notification.userID)"
        return try await transaction.takeFromBucket(key, size: Self.teamMailsPerDay, windowSeconds: 86_400) != nil
    }

    private func mail(_ delivery: DeliveryRow, in transaction: Transaction) async throws {
        let mail = services.newID()
        let notification = delivery.notification
        let added = try await MailOutbox(services).add(
            .notification(
                to: notification.userID,
                title: notification.title,
                body: notification.body,
                link: notification.actionURL,
                dedupeKey: nil,
                category: notification.category,
                delivery: delivery.id,
                isEssential: delivery.category?.isLocked(on: .email) ?? false
            ),
            as: mail,
            in: transaction
        )
        guard added else { return try await transaction.suppressDelivery(delivery.id, "no address") }
        try await transaction.beginDelivery(delivery.id, mail: mail)
    }

    /// A job for each browser: one that is slow or gone holds up no other.
    private func push(
        _ delivery: DeliveryRow,
        at now: Timestamp,
        in transaction: Transaction
    ) async throws {
        let user = delivery.notification.userID
        let subscriptions = sendsPushes ? try await transaction.pushSubscriptions(of: user, at: now) : []
        guard !subscriptions.isEmpty else {
            return try await transaction.suppressDelivery(
                delivery.id,
                sendsPushes ? "no browser" : "no pushes are sent"
            )
        }
        // What comes beyond is in the list, and the next push tells how much that is.
        let isCritical = delivery.notification.priority == NotificationKind.Priority.critical.rawValue
        if !isCritical,
            try await transaction.takeFromBucket("push:\(user)", size: Self.pushesPerMinute, windowSeconds: 60) != nil
        {
            return try await transaction.suppressDelivery(delivery.id, "too many")
        }
        try await transaction.beginDelivery(delivery.id, mail: nil)
        let count = delivery.notification.eventCount
        let jobs = subscriptions.map {
            PushTask(delivery: delivery.id, subscription: $0.id, eventCount: count).job
        }
        try await transaction.enqueue(jobs, waking: services.database.worker)
    }
}

extension DeliveryRow {
    var category: NotificationKind.Category? { NotificationKind.Category(rawValue: notification.category) }

    /// Why it is not to be brought any more; nil while it is.
    func hindrance(at now: Timestamp, in transaction: Transaction) async throws -> String? {
        guard isAccountOpen else { return "the account is closed" }
        guard !isDeleted, notification.readAt == nil else { return "read" }
        guard notification.archivedAt == nil, notification.snoozedUntil.map({ $0 <= now }) ?? true else {
            return "put away"
        }
        guard let category, let way = NotificationKind.Channel(rawValue: channel), category.isWanted(way, wishes) else {
            return "not wanted"
        }
        if isSilenced { return "the room is silenced" }
        if way == .push, isBusy, !isUrgent { return "do not disturb" }
        if category.heedsBlocks, let actor = notification.actorID,
            try await !transaction.blockers(of: actor, among: [notification.userID]).isEmpty
        {
            return "blocked"
        }
        return try await hindranceOfSubject(in: transaction)
    }

    /// Who was taken out of a room is told nothing more of it.
    private func hindranceOfSubject(in transaction: Transaction) async throws -> String? {
        guard let id = notification.subjectID else { return nil }
        let user = notification.userID
        switch notification.subjectType {
        case "msg":
            guard let message = try await transaction.messages([id], visibleTo: user).first, message.deletedAt == nil
            else { return "gone" }
            return try await transaction.hasRead(message.seq, of: message.roomID, by: user) ? "read" : nil
        case "call": return try await transaction.calls([id], visibleTo: user).isEmpty ? "gone" : nil
        default: return nil
        }
    }

    /// Until when its reader is not to be disturbed.
    fileprivate var postponedUntil: Timestamp? {
        let isLockedMail = channel == NotificationKind.Channel.email.rawValue && category?.isLocked(on: .email) == true
        return isLockedMail || isUrgent ? nil : quietUntil
    }

    /// Whether it is told whatever its reader does.
    private var isUrgent: Bool {
        notification.priority == NotificationKind.Priority.critical.rawValue && allowsCritical
    }
}
