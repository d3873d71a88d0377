package import PostgresClient

/// An account to be.
package struct NewUser: Sendable {
    package let id: UUID
    package let email: String
    package let username: String
    package let name: String
    package let passwordHash: String?
    /// ACTIVE for those whose address needs no confirmation.
    package let status: String
    package let locale: String
    package let timeZone: String

    package init(
        id: UUID,
        email: String,
        username: String,
        name: String,
        passwordHash: String?,
        status: String,
        locale: String,
        timeZone: String
    ) {
        self.id = id
        self.email = email
        self.username = username
        self.name = name
        self.passwordHash = passwordHash
        self.status = status
        self.locale = locale
        self.timeZone = timeZone
    }
}

/// Which of the names of a new account others have already.
package struct TakenNames: PostgresRow, Equatable {
    package let email: Bool
    package let username: Bool

    package init(from row: inout RowReader) throws {
        email = try row.next()
        username = try row.next()
    }
}

extension Transaction {
    /// False when somebody else has the address or the user name, or may take the address back; waits for those who are just
    /// registering them or giving them up.
    package func insert(_ user: NewUser, roles: [String]) async throws -> Bool {
        let inserted = try await execute(
            UserWriteStatements.insert,
            user.id,
            user.email,
            user.username,
            user.name,
            user.passwordHash,
            user.status,
            user.locale,
            user.timeZone
        )
        guard inserted == 1 else { return false }
        // Asked behind it: of somebody who was giving the address up at the same time nothing was seen before.
        if try await one(UserWriteStatements.isReserved, user.email, user.id) {
            try await execute(UserWriteStatements.withdraw, user.id)
            return false
        }
        try await execute(UserWriteStatements.insertProfile, user.id)
        try await execute(UserWriteStatements.insertRoles, user.id, roles)
        return true
    }

    /// Whether somebody else has an address, or had it and may take it back.
    package func isTaken(email: String, for user: UUID) async throws -> Bool {
        try await one(UserWriteStatements.isTaken, email, user)
    }

    package func takenNames(email: String, username: String) async throws -> TakenNames {
        try await one(UserWriteStatements.taken, email, username)
    }

    /// Leaves the rest of a profile as it is.
    package func setProfile(headline: String, bio: String, of user: UUID) async throws {
        try await execute(UserWriteStatements.setProfile, user, headline, bio)
    }

    /// Whether nobody has ever registered.
    package func hasNoUsers() async throws -> Bool { try await one(UserWriteStatements.hasNone) }

    /// Holds the user until the transaction ends. False when the password is another one by now than was proved.
    package func holdPassword(_ hash: String, of user: UUID) async throws -> Bool {
        try await first(UserWriteStatements.holdPassword, user, hash) != nil
    }

    package func setPasswordHash(_ hash: String, of user: UUID) async throws {
        try await execute(UserWriteStatements.setPasswordHash, user, hash)
    }
}

extension StatementBatch {
    /// The same; the status that the account has by now, nil when the password is another one.
    package mutating func holdPassword(_ hash: String, of user: UUID) -> Answer<String?> {
        first(UserWriteStatements.holdPassword, user, hash)
    }
}

enum UserWriteStatements {
    static let insert = Command<UUID, String, String, String, String?, String, String, String>(
        """
        INSERT INTO users (id, email, username, name, password_hash, status, locale, time_zone, email_verified_at)
        VALUES ($1, $2::citext, $3::citext, $4, $5, $6, $7, $8, CASE WHEN $6 = 'ACTIVE' THEN now() END)
        ON CONFLICT DO NOTHING
        """
    )
    static let insertProfile = Command<UUID>("INSERT INTO user_profiles (user_id) VALUES ($1)")
    static let insertRoles = Command<UUID, [String]>(
        "INSERT INTO user_roles (user_id, role) SELECT $1, unnest($2)"
    )
    static let taken = Statement<TakenNames, String, String>(
        """
        SELECT EXISTS (SELECT FROM users WHERE email = $1::citext) OR email_is_reserved($1::citext, NULL),
            EXISTS (SELECT FROM users WHERE username = $2::citext)
        """
    )
    static let isTaken = Statement<Bool, String, UUID>(
        """
        SELECT EXISTS (SELECT FROM users WHERE email = $1::citext AND id <> $2) OR email_is_reserved($1::citext, $2)
        """
    )
    static let isReserved = Statement<Bool, String, UUID>("SELECT email_is_reserved($1::citext, $2)")
    static let withdraw = Command<UUID>("DELETE FROM users WHERE id = $1")
    static let setProfile = Command<UUID, String, String>(
        "UPDATE user_profiles SET headline = $2, bio = $3 WHERE user_id = $1"
    )
    static let hasNone = Statement<Bool>("SELECT NOT EXISTS (SELECT FROM users)")
    static let holdPassword = Statement<String, UUID, String>(
        "SELECT status FROM users WHERE id = $1 AND password_hash = $2 FOR NO KEY UPDATE"
    )
    static let setPasswordHash = Command<UUID, String>("UPDATE users SET password_hash = $2 WHERE id = $1")
    static let all: [any CheckableStatement] = [
        insert, insertProfile, insertRoles, taken, isTaken, isReserved, withdraw, setProfile, hasNone, holdPassword,
        setPasswordHash,
    ]
}
