package import PostgresClient

/// A message; one that was deleted has no text any more.
package struct MessageRow: PostgresRow, Equatable {
    package let id: UUID
    package let roomID: UUID
    /// 1, 2, 3, … within the room.
    package let seq: Int
    /// Nil once the author's account is gone.
    package let authorID: UUID?
    package let body: String
    package let replyToID: UUID?
    /// The message below which it stands, if it stands in a thread.
    package let threadRootID: UUID?
    package let pinnedAt: Timestamp?
    package let editedAt: Timestamp?
    package let deletedAt: Timestamp?
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        roomID = try row.next()
        seq = try row.next()
        authorID = try row.next()
        body = try row.next()
        replyToID = try row.next()
        threadRootID = try row.next()
        pinnedAt = try row.next()
        editedAt = try row.next()
        deletedAt = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }
}

/// What a message said before it was edited.
package struct MessageRevisionRow: PostgresRow, Equatable {
    package let messageID: UUID
    package let revision: Int32
    package let body: String
    package let createdAt: Timestamp

    package init(from row: inout RowReader) throws {
        messageID = try row.next()
        revision = try row.next()
        body = try row.next()
        createdAt = try row.next()
    }
}
