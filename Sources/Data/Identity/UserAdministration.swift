package import PostgresClient

/// What somebody who manages accounts changes of one; what is nil stays.
package struct ManagedChange: Sendable {
    package var name: String?
    package var email: String?
    /// Of the address the account has then.
    package var isEmailVerified: Bool?

    package init(name: String?, email: String?, isEmailVerified: Bool?) {
        self.name = name
        self.email = email
        self.isEmailVerified = isEmailVerified
    }
}

extension Transaction {
    /// Those of these accounts that are not erased, with the roles they have now; nobody else changes them, or gives them
    /// another role, until this transaction ends.
    package func lockUsers(_ ids: [UUID]) async throws -> [UserRow] {
        let locked = try await rows(UserAdministrationStatements.lock, ids)
        // Read after the lock is had: roles may have changed before it was.
        return try await rows(UserReadStatements.byID, locked)
    }

    /// False when somebody else has the address.
    package func change(_ change: ManagedChange, of user: UUID) async throws -> Bool {
        if let email = change.email, try await one(UserAdministrationStatements.isEmailTaken, email, user) {
            return false
        }
        try await execute(
            UserAdministrationStatements.change,
            user,
            change.name,
            change.email,
            change.isEmailVerified
        )
        return true
    }

    /// The roles an account has from now on, and no others.
    package func setRoles(_ roles: [String], of user: UUID, by actor: UUID) async throws {
        try await execute(UserAdministrationStatements.removeRoles, user, roles)
        try await execute(UserAdministrationStatements.addRoles, user, roles, actor)
    }

    /// Closes an open account until then, or until somebody opens it; false for one that is not open.
    ///
    /// - Parameter isForGood: whether one that is closed already is closed in this way, too.
    package func suspend(_ user: UUID, until end: Timestamp?, isForGood: Bool = false) async throws -> Bool {
        try await execute(UserAdministrationStatements.suspend, user, end, isForGood) == 1
    }

    /// False for an account that is not suspended.
    package func reinstate(_ user: UUID) async throws -> Bool {
        try await execute(UserAdministrationStatements.reinstate, user) == 1
    }

    /// Opens the accounts whose suspension is over; whose they are.
    package func reinstateUsers(at now: Timestamp) async throws -> [UUID] {
        try await rows(UserAdministrationStatements.reinstateDue, now)
    }
}

enum UserAdministrationStatements {
    static let lock = Statement<UUID, [UUID]>(
        "SELECT id FROM users WHERE id = ANY ($1) AND status <> 'DELETED' ORDER BY id FOR NO KEY UPDATE"
    )
    static let isEmailTaken = Statement<Bool, String, UUID>(
        "SELECT EXISTS (SELECT FROM users WHERE email = $1::citext AND id <> $2)"
    )
    // Another address has to be confirmed anew, unless it is said to be.
    static let change = Command<UUID, String?, String?, Bool?>(
        """
        UPDATE users SET name = coalesce($2, name), email = coalesce($3::citext, email),
            email_verified_at = CASE
                WHEN $4 THEN coalesce(CASE WHEN $3 IS NULL THEN email_verified_at END, now())
                WHEN NOT $4 OR $3 IS NOT NULL THEN NULL
                ELSE email_verified_at END,
            status = CASE
                WHEN $4 AND status = 'PENDING_VERIFICATION' THEN 'ACTIVE'
                WHEN (NOT $4 OR $4 IS NULL AND $3 IS NOT NULL) AND status = 'ACTIVE' THEN 'PENDING_VERIFICATION'
                ELSE status END
        WHERE id = $1
        """
    )
    static let removeRoles = Command<UUID, [String]>(
        "DELETE FROM user_roles WHERE user_id = $1 AND role <> ALL ($2)"
    )
    static let addRoles = Command<UUID, [String], UUID>(
        """
        INSERT INTO user_roles (user_id, role, granted_by) SELECT $1, role, $3 FROM unnest($2::text[]) AS role
        ON CONFLICT DO NOTHING
        """
    )
    static let suspend = Command<UUID, Timestamp?, Bool>(
        """
        UPDATE users SET status = 'SUSPENDED', suspended_until = $2, session_epoch = session_epoch + 1
        WHERE id = $1 AND (status IN ('ACTIVE', 'PENDING_VERIFICATION') OR $3 AND status IN ('DEACTIVATED', 'SUSPENDED'))
        """
    )
    static let reinstate = Command<UUID>(
        """
        UPDATE users SET suspended_until = NULL,
            status = CASE WHEN email_verified_at IS NULL THEN 'PENDING_VERIFICATION' ELSE 'ACTIVE' END
        WHERE id = $1 AND status = 'SUSPENDED'
        """
    )
    static let reinstateDue = Statement<UUID, Timestamp>(
        """
        UPDATE users SET suspended_until = NULL,
            status = CASE WHEN email_verified_at IS NULL THEN 'PENDING_VERIFICATION' ELSE 'ACTIVE' END
        WHERE status = 'SUSPENDED' AND suspended_until <= $1 RETURNING id
        """
    )
    static let all: [any CheckableStatement] = [
        lock, isEmailTaken, change, removeRoles, addRoles, suspend, reinstate, reinstateDue,
    ]
}
