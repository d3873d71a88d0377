package import PostgresClient

extension StatementRunner {
    /// Those of these rooms that the user sees, in no order.
    package func rooms(_ ids: [UUID], visibleTo user: UUID) async throws -> [RoomRow] {
        if ids.count == 1 { return try await rows(RoomReadStatements.visibleOne, ids[0], user) }
        return try await rows(RoomReadStatements.visible, ids, user)
    }

    /// The room of a message that is not deleted, if the user sees it.
    package func room(ofMessage message: UUID, visibleTo user: UUID) async throws -> RoomRow? {
        try await first(RoomReadStatements.ofMessage, message, user)
    }

    /// The rooms of these pairs as the users see them; nothing for those who do not.
    package func rooms(_ views: [RoomView]) async throws -> [RoomView: RoomRow] {
        let rows = try await rows(RoomReadStatements.views, views.map(\.room), views.map(\.user))
        return Dictionary(rows.map { (RoomView(room: $0.room.id, user: $0.user), $0.room) }) { first, _ in first }
    }

    /// The people of rooms, at most `limit` of each, those who came first before the others.
    package func roomMembers(of rooms: [UUID], limit: Int) async throws -> [RoomMemberRow] {
        try await rows(RoomReadStatements.members, rooms, limit)
    }
}

extension Session {
    /// Every room the user sees, the ones with the newest messages first.
    package func rooms(of user: UUID, _ request: PageRequest) async throws -> Page<RoomRow> {
        try await page(RoomReadStatements.ofUser, request, user)
    }

    package func roomCount(of user: UUID) async throws -> Int { try await one(RoomReadStatements.countOfUser, user) }

    /// The channels of groups, as far as the user sees them, in their order.
    package func channels(
        of groups: [UUID],
        visibleTo user: UUID,
        _ request: PageRequest
    ) async throws -> [Page<RoomRow>] {
        try await pages(RoomReadStatements.channels, request, of: groups, user)
    }

    package func channelCounts(of groups: [UUID], visibleTo user: UUID) async throws -> [Int] {
        try await counts(RoomReadStatements.channelCounts, of: groups, user)
    }
}

/// A room and who looks at it.
package struct RoomView: Hashable, Sendable {
    package let room: UUID
    package let user: UUID

    package init(room: UUID, user: UUID) {
        self.room = room
        self.user = user
    }
}

struct RoomViewRow: PostgresRow {
    let user: UUID
    let room: RoomRow

    init(from row: inout RowReader) throws {
        user = try row.next()
        room = try RoomRow(from: &row)
    }
}

/// Somebody in a room.
package struct RoomMemberRow: PostgresRow, Equatable {
    package let roomID: UUID
    package let userID: UUID
    package let lastReadSeq: Int

    package init(from row: inout RowReader) throws {
        roomID = try row.next()
        userID = try row.next()
        lastReadSeq = try row.next()
    }
}

enum RoomReadStatements {
    static let visible = Statement<RoomRow, [UUID], UUID>("SELECT * FROM visible_rooms($1, $2)")
    // Planned for one, it looks up one in each table; planned for a list, it reads small tables through.
    static let visibleOne = Statement<RoomRow, UUID, UUID>("SELECT * FROM visible_rooms(ARRAY[$1], $2)")
    static let ofMessage = Statement<RoomRow, UUID, UUID>(
        """
        SELECT room.* FROM messages m
        CROSS JOIN LATERAL (SELECT * FROM visible_rooms(ARRAY[m.room_id], $2) OFFSET 0) AS room
        WHERE m.id = $1 AND m.deleted_at IS NULL
        """
    )
    // OFFSET 0: as a part of the whole, all rooms would be read and joined; by itself it looks up one.
    static let views = Statement<RoomViewRow, [UUID], [UUID]>(
        """
        SELECT pair.user_id, room.* FROM unnest($1, $2) AS pair (room_id, user_id)
        CROSS JOIN LATERAL (SELECT * FROM visible_rooms(ARRAY[pair.room_id], pair.user_id) OFFSET 0) AS room
        """
    )
    static let members = Statement<RoomMemberRow, [UUID], Int>(
        """
        SELECT m.room_id, u.id, m.last_read_seq FROM unnest($1) AS room (id)
        CROSS JOIN LATERAL (
            SELECT * FROM room_members m WHERE m.room_id = room.id AND m.user_id IS NOT NULL
            ORDER BY m.joined_at, m.id LIMIT $2
        ) AS m
        JOIN users u ON u.id = m.user_id
        ORDER BY m.room_id, m.joined_at, m.id
        """
    )
    // In their order first: who sees them is asked of those of the page. A function whose argument is a query would be planned at
    // each call, and asked of all.
    static let ofUser = PagedStatement<RoomRow, Keyset<Timestamp, UUID>, UUID>(
        "Viewer.rooms",
        by: [.descending("room.active_at"), .descending("room.id")],
        key: { Keyset($0.activeAt, $0.id) },
        """
        SELECT seen.* FROM (
            SELECT room.* FROM (
                SELECT r.id, coalesce(r.last_message_at, r.created_at) AS active_at
                FROM (
                    SELECT room_id FROM room_members WHERE user_id = $1
                    UNION
                    SELECT c.id FROM group_members g JOIN channels c USING (group_id) WHERE g.user_id = $1
                ) AS own
                JOIN rooms r ON r.id = own.room_id
                WHERE r.archived_at IS NULL AND r.kind IN ('CHANNEL', 'DIRECT', 'CONVERSATION')
            ) AS room ORDER BY {order} OFFSET 0
        ) AS room
        CROSS JOIN LATERAL (SELECT * FROM visible_rooms(ARRAY[room.id], $1) OFFSET 0) AS seen
        WHERE {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let countOfUser = Statement<Int, UUID>(
        """
        SELECT count(*) FROM (
            SELECT room_id FROM room_members WHERE user_id = $1
            UNION
            SELECT c.id FROM group_members g JOIN channels c USING (group_id) WHERE g.user_id = $1
        ) AS own
        CROSS JOIN LATERAL (
            SELECT v.archived_at, v.kind FROM visible_rooms(ARRAY[own.room_id], $1) AS v OFFSET 0
        ) AS room
        WHERE room.archived_at IS NULL AND room.kind IN ('CHANNEL', 'DIRECT', 'CONVERSATION')
        """
    )
    static let channels = PagedLists<RoomRow, Keyset<Int32, UUID>, UUID, UUID>(
        "Group.channels",
        by: [.ascending("room.position"), .ascending("room.id")],
        key: { Keyset($0.position, $0.id) },
        """
        SELECT parent.number, room.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT room.* FROM channels c
            CROSS JOIN LATERAL (SELECT * FROM visible_rooms(ARRAY[c.id], $2) OFFSET 0) AS room
            WHERE c.group_id = parent.id AND room.archived_at IS NULL AND room.kind IN ('CHANNEL', 'DIRECT', 'CONVERSATION') AND {after} ORDER BY {order} LIMIT {limit}
        ) AS room
        ORDER BY parent.number, {order}
        """
    )
    static let channelCounts = Statement<ParentCount<UUID>, [UUID], UUID>(
        """
        SELECT room.group_id, count(*)
        FROM channels c
        CROSS JOIN LATERAL (
            SELECT v.group_id, v.archived_at FROM visible_rooms(ARRAY[c.id], $2) AS v OFFSET 0
        ) AS room
        WHERE c.group_id = ANY ($1) AND room.archived_at IS NULL GROUP BY room.group_id
        """
    )

    static var all: [any CheckableStatement] {
        ofUser.variants + channels.variants + [
            visible, visibleOne, ofMessage, views, members, countOfUser, channelCounts,
        ]
    }
}
