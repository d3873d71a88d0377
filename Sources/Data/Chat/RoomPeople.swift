package import PostgresClient

/// Somebody with an account who is in a room: in an open channel, whoever belongs to its group.
package struct RoomPersonRow: PostgresRow, Equatable {
    package let id: UUID
    package let roomID: UUID
    package let userID: UUID
    package let joinedAt: Timestamp
    package let lastReadSeq: Int

    package init(from row: inout RowReader) throws {
        id = try row.next()
        roomID = try row.next()
        userID = try row.next()
        joinedAt = try row.next()
        lastReadSeq = try row.next()
    }
}

extension StatementRunner {
    /// Those of these rooms that are of so many people at most: an open channel is of all of its group.
    package func rooms(_ rooms: [UUID], ofAtMost limit: Int) async throws -> Set<UUID> {
        Set(try await rows(RoomPeopleStatements.small, rooms, limit))
    }

    /// Whether a room is of so many people at most.
    package func isRoom(_ room: UUID, ofAtMost limit: Int) async throws -> Bool {
        try await !rooms([room], ofAtMost: limit).isEmpty
    }
}

extension Session {
    /// The people of rooms, in the order in which they came. For those alone who see the rooms.
    package func people(of rooms: [UUID], _ request: PageRequest) async throws -> [Page<RoomPersonRow>] {
        try await pages(RoomPeopleStatements.list, request, of: rooms)
    }

    /// Those of the people of their rooms who have read messages, but for whoever wrote them. For those alone who see the
    /// messages.
    package func readers(of messages: [UUID], _ request: PageRequest) async throws -> [Page<RoomPersonRow>] {
        try await pages(RoomPeopleStatements.readers, request, of: messages)
    }
}

enum RoomPeopleStatements {
    static let small = Statement<UUID, [UUID], Int>(
        """
        SELECT r.id FROM unnest($1) AS room (id) JOIN rooms r ON r.id = room.id LEFT JOIN channels c ON c.id = r.id
        WHERE $2 >= CASE WHEN c.id IS NOT NULL AND NOT c.is_private
            THEN (SELECT count(*) FROM (
                SELECT FROM group_members g WHERE g.group_id = c.group_id LIMIT $2 + 1) AS few)
            ELSE (SELECT count(*) FROM (SELECT FROM room_members m WHERE m.room_id = r.id LIMIT $2 + 1) AS few) END
        """
    )
    // Two lists, each by an index of its own, of which a room has one.
    static let list = PagedLists<RoomPersonRow, Keyset<Timestamp, UUID>, UUID>(
        "Room.members",
        by: [.ascending("m.joined_at"), .ascending("m.id")],
        key: { Keyset($0.joinedAt, $0.id) },
        """
        SELECT parent.number, m.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT * FROM (
                (SELECT m.id, c.id AS room_id, m.user_id, m.joined_at, coalesce(own.last_read_seq, 0) AS last_read_seq
                FROM channels c JOIN group_members m ON m.group_id = c.group_id
                LEFT JOIN room_members own ON own.room_id = c.id AND own.user_id = m.user_id
                WHERE c.id = parent.id AND NOT c.is_private AND {after} ORDER BY {order} LIMIT {limit})
                UNION ALL
                (SELECT m.id, m.room_id, m.user_id, m.joined_at, m.last_read_seq
                FROM room_members m
                WHERE m.room_id = parent.id AND m.user_id IS NOT NULL
                    AND NOT EXISTS (SELECT FROM channels c WHERE c.id = parent.id AND NOT c.is_private)
                    AND {after} ORDER BY {order} LIMIT {limit})
            ) AS m
            ORDER BY {order} LIMIT {limit}
        ) AS m
        ORDER BY parent.number, {order}
        """
    )
    // For rooms of few people: all of them are looked at. What somebody has read who has left the group does not count.
    static let readers = PagedLists<RoomPersonRow, Keyset<Timestamp, UUID>, UUID>(
        "Message.readBy",
        by: [.ascending("m.joined_at"), .ascending("m.id")],
        key: { Keyset($0.joinedAt, $0.id) },
        """
        SELECT parent.number, m.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT * FROM (
                SELECT m.id, m.room_id, u.id AS user_id, coalesce(g.joined_at, m.joined_at) AS joined_at, m.last_read_seq
                FROM messages said JOIN room_members m ON m.room_id = said.room_id JOIN users u ON u.id = m.user_id
                LEFT JOIN channels c ON c.id = said.room_id AND NOT c.is_private
                LEFT JOIN group_members g ON g.group_id = c.group_id AND g.user_id = m.user_id
                WHERE said.id = parent.id AND m.user_id IS DISTINCT FROM said.author_id
                    AND m.last_read_seq >= said.seq AND (c.id IS NULL OR g.id IS NOT NULL)
            ) AS m
            WHERE {after} ORDER BY {order} LIMIT {limit}
        ) AS m
        ORDER BY parent.number, {order}
        """
    )
    static var all: [any CheckableStatement] { list.variants + readers.variants + [small] }
}
