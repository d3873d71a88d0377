package import PostgresClient

extension StatementRunner {
    /// Those of these messages that stand in rooms the user sees, in no order.
    package func messages(_ ids: [UUID], visibleTo user: UUID) async throws -> [MessageRow] {
        try await rows(MessageReadStatements.visible, ids, user)
    }

    /// Messages whoever may see them: for those alone who were found to see their rooms.
    package func messagesForAll(_ ids: [UUID]) async throws -> [MessageRow] {
        try await rows(MessageReadStatements.forAll, ids)
    }

    /// The messages at these places. For those alone who see the rooms.
    package func messages(at places: [RoomPlace]) async throws -> [RoomPlace: MessageRow] {
        guard !places.isEmpty else { return [:] }
        let rows = try await rows(MessageReadStatements.atPlaces, places.map(\.room), places.map(\.seq))
        return Dictionary(rows.map { (RoomPlace(room: $0.roomID, seq: $0.seq), $0) }) { first, _ in first }
    }

    /// What messages said before, the first text first.
    package func revisions(of messages: [UUID], limit: Int) async throws -> [MessageRevisionRow] {
        try await rows(MessageReadStatements.revisions, messages, limit)
    }
}

/// The number of a message in its room.
package struct RoomPlace: Hashable, Sendable {
    package let room: UUID
    package let seq: Int

    package init(room: UUID, seq: Int) {
        self.room = room
        self.seq = seq
    }
}

extension PageRequest {
    /// The page of messages, the newest first, with this number in its middle.
    package func around(_ seq: Int) throws -> PageRequest {
        guard !isBackward, !hasCursor else { throw PageFault.mixed("around", isBackward ? "last" : "after") }
        let place = Keyset<Int>(min(seq, Int(Int32.max)) + size / 2 + 1)
        return moved(behind: place, in: MessageReadStatements.ofRooms.sql.purpose)
    }
}

extension Session {
    /// The messages of rooms, the newest first. Whoever asks has shown that the rooms may be read.
    package func messages(of rooms: [UUID], _ request: PageRequest) async throws -> [Page<MessageRow>] {
        try await pages(MessageReadStatements.ofRooms, request, of: rooms)
    }
}

enum MessageReadStatements {
    // An argument that is a query keeps the function from becoming a part of the whole: it would be planned at each call.
    static let visible = Statement<MessageRow, [UUID], UUID>(
        """
        WITH m AS MATERIALIZED (
            SELECT id, room_id, seq, author_id, body, reply_to_id, thread_root_id, pinned_at, edited_at, deleted_at, created_at, updated_at
            FROM messages WHERE id = ANY ($1)
        )
        SELECT m.* FROM (SELECT DISTINCT room_id AS id FROM m) AS asked
        CROSS JOIN LATERAL (SELECT v.id FROM visible_rooms(ARRAY[asked.id], $2) AS v OFFSET 0) AS room
        JOIN m ON m.room_id = room.id
        """
    )
    static let forAll = Statement<MessageRow, [UUID]>(
        """
        SELECT id, room_id, seq, author_id, body, reply_to_id, thread_root_id, pinned_at, edited_at, deleted_at, created_at, updated_at
        FROM messages WHERE id = ANY ($1)
        """
    )
    static let atPlaces = Statement<MessageRow, [UUID], [Int]>(
        """
        SELECT m.id, m.room_id, m.seq, m.author_id, m.body, m.reply_to_id, m.thread_root_id, m.pinned_at, m.edited_at,
            m.deleted_at, m.created_at, m.updated_at
        FROM unnest($1, $2) AS place (room_id, seq)
        JOIN messages m ON m.room_id = place.room_id AND m.seq = place.seq
        """
    )
    static let ofRooms = PagedLists<MessageRow, Keyset<Int>, UUID>(
        "Room.messages",
        by: [.descending("m.seq")],
        key: { Keyset($0.seq) },
        """
        SELECT parent.number, m.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT m.id, m.room_id, m.seq, m.author_id, m.body, m.reply_to_id, m.thread_root_id, m.pinned_at, m.edited_at,
                m.deleted_at, m.created_at, m.updated_at
            FROM messages m WHERE m.room_id = parent.id AND {after} ORDER BY {order} LIMIT {limit}
        ) AS m
        ORDER BY parent.number, {order}
        """
    )
    static let revisions = Statement<MessageRevisionRow, [UUID], Int>(
        """
        SELECT r.message_id, r.revision, r.body, r.created_at FROM unnest($1) AS message (id)
        CROSS JOIN LATERAL (
            SELECT * FROM message_revisions r WHERE r.message_id = message.id ORDER BY r.revision LIMIT $2
        ) AS r
        ORDER BY r.message_id, r.revision
        """
    )

    static var all: [any CheckableStatement] { ofRooms.variants + [visible, forAll, atPlaces, revisions] }
}
