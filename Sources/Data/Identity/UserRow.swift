package import PostgresClient

/// An account, as far as others may see it and its owner does.
package struct UserRow: PostgresRow, Equatable {
    package let id: UUID
    /// Nil once the account is erased.
    package let email: String?
    package let username: String
    package let name: String
    package let status: String
    package let emailVerifiedAt: Timestamp?
    package let locale: String
    package let timeZone: String
    package let sessionEpoch: Int32
    package let roles: [String]
    package let createdAt: Timestamp
    package let updatedAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        email = try row.next()
        username = try row.next()
        name = try row.next()
        status = try row.next()
        emailVerifiedAt = try row.next()
        locale = try row.next()
        timeZone = try row.next()
        sessionEpoch = try row.next()
        roles = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
    }
}

/// What a password is held against.
package struct CredentialRow: PostgresRow {
    package let passwordHash: String?
    package let user: UserRow

    package init(from row: inout RowReader) throws {
        passwordHash = try row.next()
        user = try UserRow(from: &row)
    }
}
