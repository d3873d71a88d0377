package import PostgresClient

/// A message with a thread below it that somebody follows.
package struct FollowedThreadRow: PostgresRow, Equatable {
    package let root: MessageRow
    package let thread: ThreadRow
    package let followedAt: Timestamp

    package init(from row: inout RowReader) throws {
        root = try MessageRow(from: &row)
        thread = try ThreadRow(from: &row)
        followedAt = try row.next()
    }
}

/// A thread and whoever looks at it.
package struct ThreadView: Hashable, Sendable {
    package let root: UUID
    package let user: UUID

    package init(root: UUID, user: UUID) {
        self.root = root
        self.user = user
    }
}

/// How much of a thread somebody has not read.
struct ThreadUnread: PostgresRow {
    let root: UUID
    let user: UUID
    let count: Int

    init(from row: inout RowReader) throws {
        root = try row.next()
        user = try row.next()
        count = try row.next()
    }
}

/// That somebody follows a thread.
struct ThreadMark: PostgresRow {
    let root: UUID
    let user: UUID

    init(from row: inout RowReader) throws {
        root = try row.next()
        user = try row.next()
    }
}

extension StatementRunner {
    /// Those of these threads that are followed by whoever looks at them.
    package func followed(_ views: [ThreadView]) async throws -> Set<ThreadView> {
        let rows = try await rows(ThreadFollowingStatements.marks, views.map(\.root), views.map(\.user))
        return Set(rows.map { ThreadView(root: $0.root, user: $0.user) })
    }

    /// How many messages of threads stand behind what their onlookers have read of the rooms; beyond a thousand nobody counts.
    package func unreadReplies(_ views: [ThreadView]) async throws -> [ThreadView: Int] {
        let rows = try await rows(ThreadFollowingStatements.unread, views.map(\.root), views.map(\.user))
        return Dictionary(rows.map { (ThreadView(root: $0.root, user: $0.user), $0.count) }) { first, _ in first }
    }
}

extension Session {
    /// The threads that somebody follows, in rooms that they see, the last followed first.
    package func followedThreads(
        of user: UUID,
        unreadOnly: Bool,
        _ request: PageRequest
    ) async throws -> Page<FollowedThreadRow> {
        try await page(ThreadFollowingStatements.ofUser, request, user, unreadOnly)
    }
}

extension Transaction {
    package func setFollowing(_ isFollowing: Bool, of user: UUID, thread root: UUID) async throws {
        try await execute(ThreadFollowingStatements.set, root, user, isFollowing)
    }
}

extension StatementBatch {
    /// Whoever writes in a thread follows it from then on, and whoever wrote what it stands below, unless they have said
    /// that they do not want to. Guests follow nothing.
    package mutating func follow(_ root: UUID, by author: UUID?) {
        execute(ThreadFollowingStatements.takePart, root, author)
    }
}

enum ThreadFollowingStatements {
    static let marks = Statement<ThreadMark, [UUID], [UUID]>(
        """
        SELECT s.root_id, s.user_id FROM unnest($1, $2) AS pair (root_id, user_id)
        JOIN thread_states s ON s.root_id = pair.root_id AND s.user_id = pair.user_id WHERE s.following
        """
    )
    static let unread = Statement<ThreadUnread, [UUID], [UUID]>(
        """
        SELECT pair.root_id, pair.user_id, replies.count FROM unnest($1, $2) AS pair (root_id, user_id)
        JOIN messages root ON root.id = pair.root_id
        LEFT JOIN room_members own ON own.room_id = root.room_id AND own.user_id = pair.user_id
        LEFT JOIN room_members guest ON guest.room_id = root.room_id AND guest.guest_id = pair.user_id
        CROSS JOIN LATERAL (
            SELECT count(*) FROM (
                SELECT FROM messages m WHERE m.thread_root_id = pair.root_id AND m.deleted_at IS NULL
                    AND m.seq > coalesce(own.last_read_seq, guest.last_read_seq, 0) LIMIT 1000
            ) AS counted
        ) AS replies
        """
    )
    // Each join leans on the one before it: whether a thread has unread replies is a look at its index, and what is shown
    // of it is counted for those of the page alone. Whoever takes part in thousands asks this often.
    static let ofUser = PagedStatement<FollowedThreadRow, Keyset<Timestamp, UUID>, UUID, Bool>(
        "Viewer.followedThreads",
        by: [.descending("s.followed_at"), .descending("s.root_id")],
        key: { Keyset($0.followedAt, $0.root.id) },
        """
        SELECT m.id, m.room_id, m.seq, m.author_id, m.body, m.reply_to_id, m.thread_root_id, m.pinned_at, m.edited_at,
            m.deleted_at, m.created_at, m.updated_at, m.id, replies.count, replies.last_at, s.followed_at
        FROM thread_states s JOIN messages m ON m.id = s.root_id
        LEFT JOIN room_members own ON own.room_id = m.room_id AND own.user_id = $1
        CROSS JOIN LATERAL (
            SELECT r.room_id, r.thread_root_id AS root_id FROM messages r
            WHERE r.thread_root_id = m.id AND r.deleted_at IS NULL
                AND r.seq > CASE WHEN $2 THEN coalesce(own.last_read_seq, 0) ELSE 0 END
            LIMIT 1
        ) AS reply
        CROSS JOIN LATERAL (SELECT v.id FROM visible_rooms(ARRAY[reply.room_id], $1) AS v OFFSET 0) AS room
        CROSS JOIN LATERAL (
            SELECT count(*), max(r.created_at) AS last_at FROM messages r
            WHERE r.thread_root_id = reply.root_id AND r.room_id = room.id AND r.deleted_at IS NULL
        ) AS replies
        WHERE s.user_id = $1 AND s.following AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let set = Command<UUID, UUID, Bool>(
        """
        INSERT INTO thread_states AS s (root_id, user_id, following, followed_at)
        VALUES ($1, $2, $3, clock_timestamp())
        ON CONFLICT (user_id, root_id) DO UPDATE SET following = $3, followed_at = clock_timestamp()
        WHERE s.following <> $3
        """
    )
    static let takePart = Command<UUID, UUID?>(
        """
        INSERT INTO thread_states AS s (root_id, user_id, followed_at)
        SELECT $1, taking.part, clock_timestamp() FROM (
            SELECT $2::uuid AS part UNION SELECT author_id FROM messages WHERE id = $1
        ) AS taking WHERE taking.part IS NOT NULL ORDER BY taking.part
        ON CONFLICT (user_id, root_id) DO UPDATE SET following = true, followed_at = clock_timestamp()
        WHERE s.user_id = $2 AND NOT s.following
        """
    )
    static var all: [any CheckableStatement] { ofUser.variants + [marks, unread, set, takePart] }
}
