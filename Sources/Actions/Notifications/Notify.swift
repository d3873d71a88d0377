package import Data
package import PostgresClient

/// Something to be told to some people.
package struct NewNotification: Sendable {
    /// What becomes of several that are alike.
    package enum Repetition: Sendable {
        case each
        /// Only the first with this key is told, ever.
        case once(String)
        /// As long as one with this key is unread, it counts those that follow.
        case thread(String)
    }

    package let kind: NotificationKind
    package let recipients: [UUID]
    /// In English, for all who do not read German, or where there is nothing in German; clients write their own by the kind.
    package let words: NotificationWords
    package let german: NotificationWords?
    /// Who caused it; never told of it.
    package let actor: UUID?
    /// What it is about: the prefix of its kind of id, and its id.
    package let subject: (prefix: String, id: UUID)?
    /// Where it happened: not told to those who have silenced it.
    package let room: UUID?
    package let actionURL: String?
    package let repetition: Repetition
    /// What it is a part of.
    package let broadcast: UUID?
    /// By which of the kind's channels; nil for all of them. The list is always one.
    package let channels: Set<NotificationKind.Channel>?

    package init(
        _ kind: NotificationKind,
        to recipients: [UUID],
        title: String,
        body: String,
        german: NotificationWords? = nil,
        actor: UUID? = nil,
        subject: (prefix: String, id: UUID)? = nil,
        room: UUID? = nil,
        actionURL: String? = nil,
        repetition: Repetition = .each,
        broadcast: UUID? = nil,
        channels: Set<NotificationKind.Channel>? = nil
    ) {
        self.init(
            kind,
            to: recipients,
            NotificationWords(title, body),
            german: german,
            actor: actor,
            subject: subject,
            room: room,
            actionURL: actionURL,
            repetition: repetition,
            broadcast: broadcast,
            channels: channels
        )
    }

    init(
        _ kind: NotificationKind,
        to recipients: [UUID],
        _ words: NotificationWords,
        german: NotificationWords?,
        actor: UUID?,
        subject: (prefix: String, id: UUID)?,
        room: UUID?,
        actionURL: String? = nil,
        repetition: Repetition,
        broadcast: UUID? = nil,
        channels: Set<NotificationKind.Channel>? = nil
    ) {
        self.kind = kind
        self.recipients = recipients
        self.words = words
        self.german = german
        self.actor = actor
        self.subject = subject
        self.room = room
        self.actionURL = actionURL
        self.repetition = repetition
        self.broadcast = broadcast
        self.channels = channels
    }
}

/// Tells people of something, as part of the transaction that did it: what is undone is told to nobody.
package struct Notify {
    private let services: IdentityServices

    package init(_ services: IdentityServices) { self.services = services }

    /// The last thing a transaction does: from here on it holds the topics of the recipients.
    package func run(_ notifications: [NewNotification], in transaction: Transaction) async throws {
        let events = try await write(notifications, in: transaction)
        try await transaction.append(events, waking: services.database.events)
    }

    /// For transactions with events of their own: appends nothing, and answers what to append with them, in one go.
    ///
    /// Two statements for each notification, three where some read German and some do not, and two for all that is to be brought by other channels, however many are told.
    package func write(_ notifications: [NewNotification], in transaction: Transaction) async throws -> [NewEvent] {
        let now = services.clock()
        var events: [NewEvent] = []
        var copies: [NotificationCopy] = []
        for notification in notifications {
            let users = Set(notification.recipients).subtracting(notification.actor.map { [$0] } ?? [])
            guard !users.isEmpty else { continue }
            let kind = notification.kind
            let recipients = try await transaction.recipients(
                Array(users),
                of: kind.category.rawValue,
                by: kind.category.heedsBlocks ? notification.actor : nil,
                in: notification.room,
                at: now
            ).filter { kind.category.isWanted(.inApp, $0.wishes) }
            guard !recipients.isEmpty else { continue }
            // In one order, as two that tell the same people may not wait for each other in a circle.
            let readers = [false, true].map { isGerman in
                recipients.filter { (notification.german != nil && $0.readsGerman) == isGerman }
            }
            var rows: [NotificationRow] = []
            for (words, readers) in zip([notification.words, notification.german ?? notification.words], readers)
            where !readers.isEmpty {
                rows += try await transaction.insert(
                    notification.draft(words),
                    for: readers.map { ($0.userID, services.newID()) },
                    at: now
                )
            }
            let settings = Dictionary(uniqueKeysWithValues: recipients.map { ($0.userID, $0) })
            for row in rows {
                guard let recipient = settings[row.userID] else { continue }
                events.append(.created(row, isQuiet: recipient.quietUntil(notification.kind.priority) != nil))
                copies += notification.copies(of: row, for: recipient, at: now)
            }
        }
        try await NotificationCopies(services).add(copies, in: transaction)
        return events
    }
}

extension NotificationKind.Category {
    /// Whether it is brought by a channel to somebody who has these wishes. What is not in the list is nowhere.
    func isWanted(_ channel: NotificationKind.Channel, _ wishes: ChannelWishes) -> Bool {
        func isOn(_ channel: NotificationKind.Channel) -> Bool {
            if isLocked(on: channel) || wishes.on.contains(channel.rawValue) { return true }
            return !wishes.off.contains(channel.rawValue) && self.isOn(channel, digest: wishes.digest)
        }
        return isOn(.inApp) && isOn(channel)
    }
}

extension RecipientRow {
    /// Until when something of this priority does not disturb them.
    func quietUntil(_ priority: NotificationKind.Priority) -> Timestamp? {
        priority == .critical && allowsCritical ? nil : quietUntil
    }
}

extension NewNotification {
    fileprivate func draft(_ words: NotificationWords) -> NotificationDraft {
        let once: String? = if case .once(let key) = repetition { key } else { nil }
        let thread: String? = if case .thread(let key) = repetition { key } else { nil }
        return NotificationDraft(
            category: kind.category.rawValue,
            type: kind.type,
            priority: kind.priority.rawValue,
            title: words.title,
            body: words.body,
            actorID: actor,
            subjectType: subject?.prefix,
            subjectID: subject?.id,
            actionURL: actionURL,
            countedTitle: words.countedTitle,
            onceKey: once,
            threadKey: thread,
            broadcastID: broadcast
        )
    }
}

extension NewEvent {
    /// Where everything is told that is one user's own.
    package static func userTopic(_ user: UUID) -> String { "user:\(user)" }

    static func created(_ row: NotificationRow, isQuiet: Bool) -> NewEvent {
        NewEvent(
            topic: userTopic(row.userID),
            kind: "NotificationCreated",
            payload: JSONText(#"{"id":"\#(row.id)","quiet":\#(isQuiet)}"#),
            actor: row.actorID
        )
    }

    /// `ids` are those that were changed, none for "many".
    static func changed(_ ids: [UUID], of user: UUID) -> NewEvent {
        NewEvent(
            topic: userTopic(user),
            kind: "NotificationChanged",
            payload: JSONText(#"{"ids":[\#(ids.map { "\"\($0)\"" }.joined(separator: ","))]}"#),
            actor: user
        )
    }
}
