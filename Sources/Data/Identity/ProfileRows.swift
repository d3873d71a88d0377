package import PostgresClient

/// What somebody says of themselves.
package struct ProfileRow: PostgresRow, Equatable {
    package let userID: UUID
    package let headline: String?
    package let bio: String
    package let links: [String]

    package init(from row: inout RowReader) throws {
        userID = try row.next()
        headline = try row.next()
        bio = try row.next()
        links = try row.next()
    }
}

/// What is to change of somebody; what is nil stays.
package struct ProfileChange: Sendable {
    package var name: String?
    package var username: String?
    package var locale: String?
    package var timeZone: String?
    /// Empty for none.
    package var headline: String?
    package var bio: String?
    package var links: [String]?
    package var avatarFileID: UUID??

    package init() {}
}

extension StatementRunner {
    package func profiles(of users: [UUID]) async throws -> [ProfileRow] {
        try await rows(ProfileStatements.byUser, users)
    }
}

extension Transaction {
    /// False when somebody else has the user name.
    package func changeProfile(_ change: ProfileChange, of user: UUID) async throws -> Bool {
        if let username = change.username, try await one(ProfileStatements.isTaken, username, user) { return false }
        try await execute(
            ProfileStatements.changeUser,
            user,
            change.name,
            change.username,
            change.locale,
            change.timeZone
        )
        try await execute(ProfileStatements.changeProfile, user, change.headline, change.bio, change.links)
        return true
    }

    /// How many others may do everything; none of them leaves before this transaction has ended.
    package func otherSuperAdmins(than user: UUID) async throws -> Int {
        // All are locked, the user as well: two who leave at once wait for each other.
        try await rows(ProfileStatements.lockSuperAdmins).count { $0 != user }
    }

    /// Those of the users whose accounts are open and not to be erased; they stay so, and get nothing else, until this
    /// transaction has ended.
    package func lockActiveUsers(_ users: [UUID]) async throws -> [UUID] {
        let locked = try await rows(UserAdministrationStatements.lock, users)
        // Looked at after the lock is had: who has asked for it meanwhile has changed another row.
        return try await rows(ProfileStatements.active, locked)
    }

    /// Closes an account, which its owner can open again by a new password; ends its access tokens.
    package func deactivate(_ user: UUID) async throws {
        try await execute(ProfileStatements.deactivate, user)
    }

    /// That whoever has the session has just proved who they are.
    package func setVerified(session: UUID) async throws -> Timestamp {
        try await one(ProfileStatements.setVerified, session)
    }
}

enum ProfileStatements {
    static let byUser = Statement<ProfileRow, [UUID]>(
        "SELECT user_id, headline, bio, links FROM user_profiles WHERE user_id = ANY ($1)"
    )
    static let isTaken = Statement<Bool, String, UUID>(
        "SELECT EXISTS (SELECT FROM users WHERE username = $1::citext AND id <> $2)"
    )
    static let changeUser = Command<UUID, String?, String?, String?, String?>(
        """
        UPDATE users SET name = coalesce($2, name), username = coalesce($3::citext, username),
            locale = coalesce($4, locale), time_zone = coalesce($5, time_zone) WHERE id = $1
        """
    )
    static let changeProfile = Command<UUID, String?, String?, [String]?>(
        """
        UPDATE user_profiles SET headline = CASE WHEN $2 = '' THEN NULL ELSE coalesce($2, headline) END,
            bio = coalesce($3, bio), links = coalesce($4::text[], links), updated_at = now() WHERE user_id = $1
        """
    )
    static let lockSuperAdmins = Statement<UUID>(
        """
        SELECT r.user_id FROM user_roles r JOIN users u ON u.id = r.user_id
        WHERE r.role = 'SUPER_ADMIN' AND u.status = 'ACTIVE' ORDER BY r.user_id FOR NO KEY UPDATE
        """
    )
    static let active = Statement<UUID, [UUID]>(
        """
        SELECT u.id FROM users u WHERE u.id = ANY ($1) AND u.status IN ('ACTIVE', 'PENDING_VERIFICATION')
            AND NOT EXISTS (SELECT FROM privacy_requests r
                WHERE r.user_id = u.id AND r.kind = 'ERASURE' AND r.status = 'SCHEDULED')
        ORDER BY u.id
        """
    )
    static let deactivate = Command<UUID>(
        "UPDATE users SET status = 'DEACTIVATED', session_epoch = session_epoch + 1 WHERE id = $1"
    )
    static let setVerified = Statement<Timestamp, UUID>(
        "UPDATE auth_sessions SET verified_at = now() WHERE id = $1 RETURNING verified_at + interval '10 minutes'"
    )
    static let all: [any CheckableStatement] = [
        byUser, isTaken, changeUser, changeProfile, lockSuperAdmins, active, deactivate, setVerified,
    ]
}
