package import PostgresClient

extension Session {
    package func users(_ ids: [UUID]) async throws -> [UserRow] { try await rows(UserReadStatements.byID, ids) }
}

extension StatementRunner {
    /// The account of an address or a user name, compared without case.
    package func credentials(identifier: String) async throws -> CredentialRow? {
        try await first(UserReadStatements.credentials, identifier)
    }

    /// The same by its id.
    package func credentials(user: UUID) async throws -> CredentialRow? {
        try await first(UserReadStatements.ownCredentials, user)
    }
}

extension StatementBatch {
    package mutating func credentials(identifier: String) -> Answer<CredentialRow?> {
        first(UserReadStatements.credentials, identifier)
    }
}

enum UserReadStatements {
    static let byID = Statement<UserRow, [UUID]>(
        """
        SELECT u.id, u.email::text, u.username::text, u.name, u.status, u.email_verified_at, u.locale, u.time_zone,
            u.session_epoch, ARRAY(SELECT role FROM user_roles r WHERE r.user_id = u.id ORDER BY role), u.created_at,
            u.updated_at
        FROM users u WHERE u.id = ANY ($1)
        """
    )
    static let credentials = Statement<CredentialRow, String>(
        """
        SELECT u.password_hash, u.id, u.email::text, u.username::text, u.name, u.status, u.email_verified_at, u.locale,
            u.time_zone, u.session_epoch, ARRAY(SELECT role FROM user_roles r WHERE r.user_id = u.id ORDER BY role),
            u.created_at, u.updated_at
        FROM users u WHERE u.email = $1::citext OR u.username = $1::citext
        """
    )
    static let ownCredentials = Statement<CredentialRow, UUID>(
        """
        SELECT u.password_hash, u.id, u.email::text, u.username::text, u.name, u.status, u.email_verified_at, u.locale,
            u.time_zone, u.session_epoch, ARRAY(SELECT role FROM user_roles r WHERE r.user_id = u.id ORDER BY role),
            u.created_at, u.updated_at
        FROM users u WHERE u.id = $1
        """
    )
    static let all: [any CheckableStatement] = [byID, credentials, ownCredentials]
}
