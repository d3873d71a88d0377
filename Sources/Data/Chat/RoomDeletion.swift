package import PostgresClient

extension Transaction {
    /// Takes channels away: nobody sees their rooms any more, and nobody writes to them. What was said there is removed
    /// later, by `emptyDeletedRoom`.
    package func deleteChannels(_ ids: [UUID], at time: Timestamp) async throws {
        try await execute(RoomDeletionStatements.mark, ids, time)
        try await execute(RoomDeletionStatements.deleteChannels, ids)
    }

    /// With its people, requests and bans; its channels were deleted before.
    package func deleteGroup(_ id: UUID) async throws { try await execute(RoomDeletionStatements.deleteGroup, id) }

    /// Holds rooms until the transaction ends, always in one order: nobody writes to them meanwhile.
    package func lockRooms(_ ids: [UUID]) async throws { _ = try await rows(RoomDeletionStatements.lock, ids) }

    /// Everybody who belongs to the group, in the order of their ids.
    package func groupMemberIDs(of group: UUID) async throws -> [UUID] {
        try await rows(RoomDeletionStatements.groupUsers, group)
    }

    /// Everybody of whom the room knows, in the order of their ids: in a private channel those who are in it.
    package func roomMemberIDs(of room: UUID) async throws -> [UUID] {
        try await rows(RoomDeletionStatements.roomUsers, room)
    }

    /// Removes the newest messages of a room that was deleted, so many at most, then so many of its guests, and the room when it
    /// has no more of both; whether there is more to remove. False too when the room is gone, or others are about it.
    package func emptyDeletedRoom(_ id: UUID, limit: Int) async throws -> Bool {
        guard let room = try await first(RoomDeletionStatements.takeDeleted, id) else { return false }
        if try await execute(RoomDeletionStatements.deleteMessages, room, limit) == limit { return true }
        if try await execute(RoomDeletionStatements.deleteGuests, room, limit) == limit { return true }
        try await execute(RoomDeletionStatements.deleteRoom, room)
        return false
    }
}

extension Session {
    /// The next room that was deleted before a time, behind one of them.
    package func deletedRoom(before time: Timestamp, after last: DeletedRoom?) async throws -> DeletedRoom? {
        try await first(RoomDeletionStatements.deleted, time, last?.deletedAt, last?.id)
    }
}

/// A room of which something may be left.
package struct DeletedRoom: PostgresRow {
    package let id: UUID
    fileprivate let deletedAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        deletedAt = try row.next()
    }
}

enum RoomDeletionStatements {
    static let lock = Statement<UUID, [UUID]>(
        "SELECT id FROM rooms WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE"
    )
    static let mark = Command<[UUID], Timestamp>(
        "UPDATE rooms SET deleted_at = $2, archived_at = coalesce(archived_at, $2) WHERE id = ANY ($1)"
    )
    static let deleteChannels = Command<[UUID]>("DELETE FROM channels WHERE id = ANY ($1)")
    static let deleteGroup = Command<UUID>("DELETE FROM groups WHERE id = $1")
    static let groupUsers = Statement<UUID, UUID>(
        "SELECT user_id FROM group_members WHERE group_id = $1 ORDER BY user_id"
    )
    static let roomUsers = Statement<UUID, UUID>(
        "SELECT u.id FROM room_members m JOIN users u ON u.id = m.user_id WHERE m.room_id = $1 ORDER BY u.id"
    )
    static let deleted = Statement<DeletedRoom, Timestamp, Timestamp?, UUID?>(
        """
        SELECT id, coalesce(deleted_at, $1) FROM rooms
        WHERE deleted_at <= $1 AND ($2 IS NULL OR (deleted_at, id) > ($2, $3))
        ORDER BY deleted_at, id LIMIT 1
        """
    )
    static let takeDeleted = Statement<UUID, UUID>(
        "SELECT id FROM rooms WHERE id = $1 AND deleted_at IS NOT NULL FOR NO KEY UPDATE SKIP LOCKED"
    )
    // No message refers to one that is newer than itself.
    static let deleteMessages = Command<UUID, Int>(
        """
        DELETE FROM messages
        WHERE id = ANY (ARRAY(SELECT id FROM messages WHERE room_id = $1 ORDER BY seq DESC LIMIT $2))
        """
    )
    static let deleteGuests = Command<UUID, Int>(
        """
        DELETE FROM guests WHERE id = ANY (ARRAY(
            SELECT guest_id FROM room_members WHERE room_id = $1 AND guest_id IS NOT NULL ORDER BY guest_id LIMIT $2))
        """
    )
    static let deleteRoom = Command<UUID>("DELETE FROM rooms WHERE id = $1")
    static let all: [any CheckableStatement] = [
        lock, mark, deleteChannels, deleteGroup, groupUsers, roomUsers, deleted, takeDeleted, deleteMessages,
        deleteGuests, deleteRoom,
    ]
}
