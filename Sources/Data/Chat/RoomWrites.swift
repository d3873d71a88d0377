package import PostgresClient

/// A channel to be.
package struct NewChannel: Sendable {
    package let id: UUID
    package let groupID: UUID
    package let name: String
    package let kind: String
    package let topic: String
    package let isPrivate: Bool
    package let createdBy: UUID

    package init(
        id: UUID,
        groupID: UUID,
        name: String,
        kind: String,
        topic: String,
        isPrivate: Bool,
        createdBy: UUID
    ) {
        self.id = id
        self.groupID = groupID
        self.name = name
        self.kind = kind
        self.topic = topic
        self.isPrivate = isPrivate
        self.createdBy = createdBy
    }
}

extension Transaction {
    /// Holds the room until the transaction ends: who writes comes one after the other. False if it is archived,
    /// or gone.
    package func lockRoom(_ id: UUID) async throws -> Bool { try await first(RoomWriteStatements.lock, id) ?? false }

    /// Behind the group's other channels. False when one of them has the name.
    package func insert(_ channel: NewChannel) async throws -> Bool {
        try await execute(RoomWriteStatements.insertRoom, channel.id, "CHANNEL", channel.name, nil)
        return try await execute(
            RoomWriteStatements.insertChannel,
            channel.id,
            channel.groupID,
            channel.name,
            channel.kind,
            channel.topic,
            channel.isPrivate,
            channel.createdBy
        ) == 1
    }

    /// The direct room of these people, which is made if there is none; whether it was.
    package func openDirectRoom(_ id: UUID, key: String) async throws -> (id: UUID, isNew: Bool) {
        if try await execute(RoomWriteStatements.insertRoom, id, "DIRECT", "", key) == 1 { return (id, true) }
        return (try await one(RoomWriteStatements.directRoom, key), false)
    }

    /// Those of these people who were not there before.
    package func addRoomMembers(_ users: [UUID], to room: UUID) async throws -> [UUID] {
        try await rows(RoomWriteStatements.addMembers, room, users)
    }

    package func removeRoomMember(_ user: UUID, from room: UUID) async throws -> Bool {
        try await execute(RoomWriteStatements.removeMember, room, user) == 1
    }

    /// Moves what the user has read back before this message. Nil when it was before it already.
    package func setUnread(_ room: UUID, by user: UUID, from seq: Int) async throws -> Int? {
        try await first(RoomWriteStatements.setUnread, room, user, seq)
    }

    /// Moves what the user has read forward, and never back. Nil when it was there already.
    ///
    /// Only a room that is open to more than its members may note people who are none: elsewhere that would make them
    /// members, even while somebody takes them out. Whether the channel is open is asked anew, and held: somebody may be
    /// closing it.
    package func setRead(_ room: RoomRow, by user: UUID, upTo seq: Int) async throws -> Int? {
        if let read = try await first(RoomWriteStatements.setRead, room.id, user, seq) { return read }
        guard let channel = room.channel, !channel.isPrivate else { return nil }
        return try await first(RoomWriteStatements.insertRead, room.id, user, seq)
    }
}

enum RoomWriteStatements {
    static let lock = Statement<Bool, UUID>("SELECT archived_at IS NULL FROM rooms WHERE id = $1 FOR NO KEY UPDATE")
    static let insertRoom = Command<UUID, String, String, String?>(
        "INSERT INTO rooms (id, kind, title, direct_key) VALUES ($1, $2, $3, $4) ON CONFLICT (direct_key) DO NOTHING"
    )
    static let insertChannel = Command<UUID, UUID, String, String, String, Bool, UUID>(
        """
        INSERT INTO channels (id, group_id, name, channel_kind, topic, is_private, position, created_by)
        VALUES ($1, $2, $3::citext, $4, $5, $6,
            (SELECT coalesce(max(position), 0) + 1 FROM channels WHERE group_id = $2), $7)
        ON CONFLICT (group_id, name) DO NOTHING
        """
    )
    static let directRoom = Statement<UUID, String>("SELECT id FROM rooms WHERE direct_key = $1")
    static let addMembers = Statement<UUID, UUID, [UUID]>(
        """
        WITH added AS (
            INSERT INTO room_members (room_id, user_id) SELECT $1, u FROM unnest($2) AS u ORDER BY u
            ON CONFLICT (room_id, user_id) WHERE user_id IS NOT NULL DO NOTHING RETURNING user_id
        )
        SELECT u.id FROM unnest($2) AS u (id) JOIN added ON added.user_id = u.id ORDER BY u.id
        """
    )
    static let removeMember = Command<UUID, UUID>("DELETE FROM room_members WHERE room_id = $1 AND user_id = $2")
    static let setRead = Statement<Int, UUID, UUID, Int>(
        """
        UPDATE room_members m SET last_read_seq = least($3, r.last_seq), last_read_at = clock_timestamp()
        FROM rooms r WHERE r.id = $1 AND m.last_read_seq < least($3, r.last_seq) AND m.id = ANY (ARRAY(
            SELECT own.id FROM room_members own WHERE own.room_id = $1 AND own.user_id = $2
            UNION ALL SELECT own.id FROM room_members own WHERE own.room_id = $1 AND own.guest_id = $2))
        RETURNING m.last_read_seq
        """
    )
    static let setUnread = Statement<Int, UUID, UUID, Int>(
        """
        UPDATE room_members SET last_read_seq = greatest($3 - 1, 0)
        WHERE room_id = $1 AND user_id = $2 AND last_read_seq >= greatest($3, 1)
        RETURNING last_read_seq
        """
    )
    static let insertRead = Statement<Int, UUID, UUID, Int>(
        """
        INSERT INTO room_members (room_id, user_id, last_read_seq, last_read_at)
        SELECT r.id, $2, least($3, r.last_seq), clock_timestamp() FROM rooms r JOIN channels c ON c.id = r.id
        WHERE r.id = $1 AND NOT c.is_private FOR SHARE OF c
        ON CONFLICT (room_id, user_id) WHERE user_id IS NOT NULL DO NOTHING RETURNING last_read_seq
        """
    )
    static let all: [any CheckableStatement] = [
        lock, insertRoom, insertChannel, directRoom, addMembers, removeMember, setRead, setUnread, insertRead,
    ]
}
