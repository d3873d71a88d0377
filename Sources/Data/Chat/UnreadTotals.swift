package import PostgresClient

/// What somebody has not read, everywhere.
package struct UnreadTotalsRow: PostgresRow, Equatable {
    package let messages: Int
    package let mentions: Int
    package let threads: Int

    package init(from row: inout RowReader) throws {
        messages = try row.next()
        mentions = try row.next()
        threads = try row.next()
    }
}

extension StatementRunner {
    /// Of the rooms that somebody is in, and of channels open to them; messages of those alone that they have not silenced.
    package func unreadTotals(of user: UUID) async throws -> UnreadTotalsRow {
        try await one(UnreadTotalsStatements.ofUser, user)
    }
}

enum UnreadTotalsStatements {
    // Each room is a look at indexes; beyond a thousand threads nobody counts. Who owns a group sees private channels that they
    // are not in, where nothing is noted of what they have read: that would be unread for ever.
    static let ofUser = Statement<UnreadTotalsRow, UUID>(
        """
        SELECT coalesce(sum(room.last_seq - room.last_read_seq)
                FILTER (WHERE w.level IS DISTINCT FROM 'NONE' AND (w.muted_until > now()) IS NOT TRUE), 0)::bigint,
            coalesce(sum(mentions.count), 0)::bigint,
            (SELECT count(*) FROM (
                SELECT FROM thread_states s JOIN messages root ON root.id = s.root_id
                LEFT JOIN room_members own ON own.room_id = root.room_id AND own.user_id = $1
                CROSS JOIN LATERAL (
                    SELECT r.room_id FROM messages r
                    WHERE r.thread_root_id = root.id AND r.deleted_at IS NULL AND r.seq > coalesce(own.last_read_seq, 0)
                    LIMIT 1
                ) AS reply
                CROSS JOIN LATERAL (
                    SELECT v.is_member, v.is_private FROM visible_rooms(ARRAY[reply.room_id], $1) AS v OFFSET 0
                ) AS seen
                WHERE s.user_id = $1 AND s.following AND (seen.is_member OR seen.is_private IS NOT TRUE) LIMIT 1000
            ) AS threads)
        FROM (
            SELECT room_id FROM room_members WHERE user_id = $1
            UNION
            SELECT c.id FROM group_members g JOIN channels c USING (group_id) WHERE g.user_id = $1
        ) AS own
        CROSS JOIN LATERAL (SELECT * FROM visible_rooms(ARRAY[own.room_id], $1) OFFSET 0) AS room
        LEFT JOIN room_preferences w ON w.room_id = room.id AND w.user_id = $1
        CROSS JOIN LATERAL (
            SELECT count(*) FROM message_mentions own
            WHERE own.user_id = $1 AND own.room_id = room.id AND own.seq > room.last_read_seq
        ) AS mentions
        WHERE room.archived_at IS NULL AND room.kind IN ('CHANNEL', 'DIRECT', 'CONVERSATION')
            AND room.last_seq > room.last_read_seq AND (room.is_member OR room.is_private IS NOT TRUE)
        """
    )
    static let all: [any CheckableStatement] = [ofUser]
}
