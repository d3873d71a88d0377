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

    /// Removes the newest messages of a room that was deleted before a time, so many at most, and the room with its
    /// guests when it has no more; false when there is no such room, or others are about them.
    package func emptyDeletedRoom(deletedBefore time: Timestamp, limit: Int) async throws -> Bool {
        guard let room = try await first(RoomDeletionStatements.takeDeleted, time) else { return false }
        if try await execute(RoomDeletionStatements.deleteMessages, room, limit) < limit {
            try await execute(RoomDeletionStatements.deleteGuests, room)
            try await execute(RoomDeletionStatements.deleteRoom, room)
        }
        return true
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
    static let takeDeleted = Statement<UUID, Timestamp>(
        """
        SELECT id FROM rooms WHERE deleted_at <= $1 ORDER BY deleted_at, id LIMIT 1
        FOR NO KEY UPDATE SKIP LOCKED
        """
    )
    // No message refers to one that is newer than itself.
    static let deleteMessages = Command<UUID, Int>(
        """
        DELETE FROM messages
        WHERE id = ANY (ARRAY(SELECT id FROM messages WHERE room_id = $1 ORDER BY seq DESC LIMIT $2))
        """
    )
    static let deleteGuests = Command<UUID>(
        "DELETE FROM guests WHERE id IN (SELECT guest_id FROM room_members WHERE room_id = $1 AND guest_id IS NOT NULL)"
    )
    static let deleteRoom = Command<UUID>("DELETE FROM rooms WHERE id = $1")
    static let all: [any CheckableStatement] = [
        lock, mark, deleteChannels, deleteGroup, groupUsers, roomUsers, takeDeleted, deleteMessages, deleteGuests,
        deleteRoom,
    ]
}
