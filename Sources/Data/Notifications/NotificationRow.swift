package import PostgresClient

/// Something somebody is told.
package struct NotificationRow: PostgresRow, Equatable {
    package let id: UUID
    package let userID: UUID
    package let category: String
    package let type: String
    package let priority: String
    package let title: String
    package let body: String
    package let actorID: UUID?
    /// What it is about: the prefix of its kind of id, and its id.
    package let subjectType: String?
    package let subjectID: UUID?
    package let actionURL: String?
    /// How many events it stands for.
    package let eventCount: Int32
    package let seenAt: Timestamp?
    package let readAt: Timestamp?
    package let archivedAt: Timestamp?
    package let snoozedUntil: Timestamp?
    package let createdAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        userID = try row.next()
        category = try row.next()
        type = try row.next()
        priority = try row.next()
        title = try row.next()
        body = try row.next()
        actorID = try row.next()
        subjectType = try row.next()
        subjectID = try row.next()
        actionURL = try row.next()
        eventCount = try row.next()
        seenAt = try row.next()
        readAt = try row.next()
        archivedAt = try row.next()
        snoozedUntil = try row.next()
        createdAt = try row.next()
    }
}

/// Somebody to be told, and how they want it.
package struct RecipientRow: PostgresRow, Equatable {
    package let userID: UUID
    /// Of this category.
    package let wishes: ChannelWishes
    /// Until when they want to be left in peace.
    package let quietUntil: Timestamp?
    /// Whether what is critical may disturb them even then.
    package let allowsCritical: Bool
    /// Whether they have an address that mails may go to.
    package let hasAddress: Bool
    /// Whether a browser of theirs takes messages.
    package let hasPush: Bool
    /// Whether they are connected, and may read what happens as it happens.
    package let isConnected: Bool
    package let readsGerman: Bool

    package init(from row: inout RowReader) throws {
        userID = try row.next()
        wishes = try ChannelWishes(from: &row)
        quietUntil = try row.next()
        allowsCritical = try row.next()
        hasAddress = try row.next()
        hasPush = try row.next()
        isConnected = try row.next()
        readsGerman = try row.next()
    }
}

/// What has not been read, of one category.
package struct UnreadRow: PostgresRow, Equatable {
    package let category: String
    package let unread: Int
    package let unseen: Int

    package init(from row: inout RowReader) throws {
        category = try row.next()
        unread = try row.next()
        unseen = try row.next()
    }
}
