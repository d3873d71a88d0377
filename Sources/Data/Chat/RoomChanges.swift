package import PostgresClient

/// What keeps somebody from writing to a room just now.
package struct RoomGate: PostgresRow, Equatable {
    package let slowModeSeconds: Int32
    /// Until when they may not write at all.
    package let timedOutUntil: Timestamp?
    package let lastPostedAt: Timestamp?
    /// Whether it is a room of two, one of whom has blocked the other.
    package let isBlocked: Bool

    package init(from row: inout RowReader) throws {
        slowModeSeconds = try row.next()
        timedOutUntil = try row.next()
        lastPostedAt = try row.next()
        isBlocked = try row.next()
    }
}

/// What shall be different about a channel; nil leaves what is.
package struct ChannelChange: Sendable {
    package let name: String?
    package let topic: String?
    package let isPrivate: Bool?
    package let slowModeSeconds: Int32?
    package let position: Int32?

    package init(name: String?, topic: String?, isPrivate: Bool?, slowModeSeconds: Int32?, position: Int32?) {
        self.name = name
        self.topic = topic
        self.isPrivate = isPrivate
        self.slowModeSeconds = slowModeSeconds
        self.position = position
    }
}

/// What shall be different about a group; nil leaves what is.
package struct GroupChange: Sendable {
    package let name: String?
    package let description: String?
    package let visibility: String?
    package let avatarFileID: UUID??

    package init(name: String?, description: String?, visibility: String?, avatarFileID: UUID??) {
        self.name = name
        self.description = description
        self.visibility = visibility
        self.avatarFileID = avatarFileID
    }
}

extension StatementRunner {
    /// How long one waits in channels between two messages; 0 in rooms of other kinds.
    package func slowModes(of rooms: [UUID]) async throws -> [UUID: Int] {
        let rows = try await rows(RoomChangeStatements.slowModes, rooms)
        return Dictionary(rows.map { ($0.parent, $0.count) }) { first, _ in first }
    }
}

extension Transaction {
    package func isChannelName(_ name: String, takenIn group: UUID, beside room: UUID) async throws -> Bool {
        try await one(RoomChangeStatements.isTaken, group, name, room)
    }

    package func change(_ channel: UUID, _ change: ChannelChange) async throws {
        try await execute(
            RoomChangeStatements.change,
            channel,
            change.name,
            change.topic,
            change.isPrivate,
            change.slowModeSeconds,
            change.position
        )
    }

    /// Only these are in the room from now on.
    package func keepRoomMembers(_ users: [UUID], in room: UUID) async throws {
        try await execute(RoomChangeStatements.keepMembers, room, users)
    }

    package func setArchived(_ room: UUID, at time: Timestamp?) async throws {
        try await execute(RoomChangeStatements.archive, room, time)
    }

    package func isGroupName(_ name: String, takenBeside group: UUID) async throws -> Bool {
        try await one(RoomChangeStatements.isGroupTaken, group, name)
    }

    package func changeGroup(_ group: UUID, _ change: GroupChange) async throws {
        let (avatar, isSet) =
            switch change.avatarFileID {
            case nil: (UUID?.none, false)
            case .some(let file): (file, true)
            }
        try await execute(
            RoomChangeStatements.changeGroup,
            group,
            change.name,
            change.description,
            change.visibility,
            isSet,
            avatar
        )
    }
}

enum RoomChangeStatements {
    static let slowModes = Statement<ParentCount<UUID>, [UUID]>(
        "SELECT id, slow_mode_seconds FROM channels WHERE id = ANY ($1)"
    )
    static let notePost = Command<UUID, UUID, Timestamp>(
        "UPDATE room_members SET last_posted_at = $3 WHERE room_id = $1 AND user_id = $2"
    )
    static let isTaken = Statement<Bool, UUID, String, UUID>(
        "SELECT EXISTS (SELECT FROM channels WHERE group_id = $1 AND name = $2::citext AND id <> $3)"
    )
    static let change = Command<UUID, String?, String?, Bool?, Int32?, Int32?>(
        """
        UPDATE channels SET name = coalesce($2::citext, name), topic = coalesce($3, topic),
            is_private = coalesce($4, is_private), slow_mode_seconds = coalesce($5, slow_mode_seconds),
            position = coalesce($6, position)
        WHERE id = $1
        """
    )
    static let keepMembers = Command<UUID, [UUID]>(
        "DELETE FROM room_members WHERE room_id = $1 AND user_id <> ALL ($2)"
    )
    static let archive = Command<UUID, Timestamp?>("UPDATE rooms SET archived_at = $2 WHERE id = $1")
    static let isGroupTaken = Statement<Bool, UUID, String>(
        """
        SELECT EXISTS (
            SELECT FROM groups o JOIN groups g ON g.id = $1
            WHERE o.team_id IS NOT DISTINCT FROM g.team_id AND o.name = $2::citext AND o.id <> $1)
        """
    )
    static let changeGroup = Command<UUID, String?, String?, String?, Bool, UUID?>(
        """
        UPDATE groups SET name = coalesce($2::citext, name), description = coalesce($3, description),
            visibility = coalesce($4, visibility),
            avatar_file_id = CASE WHEN $5 THEN $6 ELSE avatar_file_id END
        WHERE id = $1
        """
    )
    static let all: [any CheckableStatement] = [
        slowModes, notePost, isTaken, change, keepMembers, archive, isGroupTaken, changeGroup,
    ]
}
