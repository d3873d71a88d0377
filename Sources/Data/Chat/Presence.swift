package import PostgresClient

/// Somebody, and who asks whether they are there.
package struct PresenceView: Hashable, Sendable {
    package let user: UUID
    package let viewer: UUID

    package init(user: UUID, viewer: UUID) {
        self.user = user
        self.viewer = viewer
    }
}

/// Whether somebody is there, as somebody else sees it.
package struct PresenceRow: PostgresRow, Equatable {
    package let userID: UUID
    package let viewerID: UUID
    package let status: String
    package let lastActiveAt: Timestamp?
    package let customText: String?
    package let customEmoji: String?
    package let customExpiresAt: Timestamp?

    package init(from row: inout RowReader) throws {
        userID = try row.next()
        viewerID = try row.next()
        status = try row.next()
        lastActiveAt = try row.next()
        customText = try row.next()
        customEmoji = try row.next()
        customExpiresAt = try row.next()
    }
}

/// For how long somebody has done nothing.
struct IdlePersonRow: PostgresRow {
    let userID: UUID
    let seconds: Double

    init(from row: inout RowReader) throws {
        userID = try row.next()
        seconds = try row.next()
    }
}

/// What somebody says of themselves.
package struct ChosenPresence: Sendable {
    /// Nil for what they do.
    package let status: String?
    package let customText: String?
    package let customEmoji: String?
    package let customExpiresAt: Timestamp?

    package init(status: String?, customText: String?, customEmoji: String?, customExpiresAt: Timestamp?) {
        self.status = status
        self.customText = customText
        self.customEmoji = customEmoji
        self.customExpiresAt = customExpiresAt
    }
}

extension StatementRunner {
    /// Nothing for pairs that do not know each other.
    package func presences(_ views: [PresenceView]) async throws -> [PresenceView: PresenceRow] {
        let rows = try await rows(PresenceStatements.views, views.map(\.user), views.map(\.viewer))
        return Dictionary(rows.map { (PresenceView(user: $0.userID, viewer: $0.viewerID), $0) }) { first, _ in first }
    }
}

extension Transaction {
    package func setPresence(_ chosen: ChosenPresence, of user: UUID) async throws {
        try await execute(
            PresenceStatements.choose,
            user,
            chosen.status,
            chosen.customText,
            chosen.customEmoji,
            chosen.customExpiresAt
        )
    }

    /// Notes that these people are connected to a process, for so many seconds.
    func holdPresence(of users: [UUID], by holder: UUID, seconds: Double) async throws {
        try await execute(PresenceStatements.hold, users, holder, seconds)
    }

    /// Those of these people who had done nothing for so many seconds.
    func notePresence(activityOf users: [UUID], idleAfter seconds: Double) async throws -> [UUID] {
        try await rows(PresenceStatements.active, users, seconds)
    }

    /// For how many seconds these people have done nothing, in whichever process.
    func idleSeconds(of users: [UUID]) async throws -> [IdlePersonRow] {
        try await rows(PresenceStatements.idle, users)
    }

    /// Those of these people who are connected to no process any more.
    func releasePresence(of users: [UUID], by holder: UUID) async throws {
        try await execute(PresenceStatements.release, users, holder)
    }

    /// Forgets what ended without a word; whom it was about.
    func purgePresence() async throws -> [UUID] { try await rows(PresenceStatements.purge) }
}

enum PresenceStatements {
    static let views = Statement<PresenceRow, [UUID], [UUID]>(
        """
        SELECT pair.user_id, pair.viewer_id,
            CASE
                WHEN p.chosen = 'OFFLINE' OR NOT EXISTS (
                    SELECT FROM presence_leases l WHERE l.user_id = pair.user_id AND l.alive_until > now()
                ) THEN 'OFFLINE'
                WHEN p.chosen IN ('DO_NOT_DISTURB', 'IDLE') THEN p.chosen
                WHEN p.last_active_at < now() - interval '5 minutes' THEN 'IDLE'
                ELSE 'ONLINE'
            END,
            CASE WHEN p.chosen IS DISTINCT FROM 'OFFLINE' THEN p.last_active_at END,
            CASE WHEN p.custom_expires_at > now() OR p.custom_expires_at IS NULL THEN p.custom_text END,
            CASE WHEN p.custom_expires_at > now() OR p.custom_expires_at IS NULL THEN p.custom_emoji END,
            CASE WHEN p.custom_expires_at > now() THEN p.custom_expires_at END
        FROM unnest($1, $2) AS pair (user_id, viewer_id) LEFT JOIN presence p ON p.user_id = pair.user_id
        WHERE know_each_other(pair.user_id, pair.viewer_id)
        """
    )
    static let choose = Command<UUID, String?, String?, String?, Timestamp?>(
        """
        INSERT INTO presence (user_id, chosen, custom_text, custom_emoji, custom_expires_at, last_active_at)
        VALUES ($1, $2, $3, $4, $5, now())
        ON CONFLICT (user_id) DO UPDATE SET chosen = $2, custom_text = $3, custom_emoji = $4, custom_expires_at = $5,
            last_active_at = now()
        """
    )
    // In order, so that no two processes wait for each other in a circle; people who are gone are passed over.
    static let hold = Command<[UUID], UUID, Double>(
        """
        INSERT INTO presence_leases (user_id, holder, alive_until)
        SELECT u.id, $2, now() + make_interval(secs => $3) FROM users u WHERE u.id = ANY ($1) ORDER BY u.id
        ON CONFLICT (user_id, holder) DO UPDATE SET alive_until = excluded.alive_until
        """
    )
    static let active = Statement<UUID, [UUID], Double>(
        """
        WITH noted AS (
            INSERT INTO presence (user_id, last_active_at)
            SELECT u.id, now() FROM users u WHERE u.id = ANY ($1) ORDER BY u.id
            ON CONFLICT (user_id) DO UPDATE SET last_active_at = excluded.last_active_at
        )
        SELECT user_id FROM presence
        WHERE user_id = ANY ($1) AND last_active_at < now() - make_interval(secs => $2) ORDER BY user_id
        """
    )
    static let idle = Statement<IdlePersonRow, [UUID]>(
        """
        SELECT user_id, extract(epoch FROM now() - last_active_at)::float8 FROM presence
        WHERE user_id = ANY ($1) AND last_active_at IS NOT NULL ORDER BY user_id
        """
    )
    static let release = Command<[UUID], UUID>(
        "DELETE FROM presence_leases WHERE user_id = ANY ($1) AND holder = $2"
    )
    static let purge = Statement<UUID>(
        """
        DELETE FROM presence_leases WHERE (user_id, holder) IN (
            SELECT user_id, holder FROM presence_leases WHERE alive_until < now()
            ORDER BY user_id, holder LIMIT 1000 FOR UPDATE SKIP LOCKED
        ) RETURNING user_id
        """
    )
    static let all: [any CheckableStatement] = [views, choose, hold, active, idle, release, purge]
}
