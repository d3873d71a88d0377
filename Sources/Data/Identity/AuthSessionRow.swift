package import PostgresClient

/// A device that is signed in.
package struct AuthSessionRow: PostgresRow, Equatable {
    package let id: UUID
    package let userID: UUID
    package let method: String
    package let deviceName: String?
    package let userAgent: String
    package let address: InternetAddress?
    /// When its user last proved who they are.
    package let verifiedAt: Timestamp
    package let createdAt: Timestamp
    package let lastUsedAt: Timestamp
    package let expiresAt: Timestamp
    package let revokedAt: Timestamp?

    package init(from row: inout RowReader) throws {
        id = try row.next()
        userID = try row.next()
        method = try row.next()
        deviceName = try row.next()
        userAgent = try row.next()
        address = try row.next()
        verifiedAt = try row.next()
        createdAt = try row.next()
        lastUsedAt = try row.next()
        expiresAt = try row.next()
        revokedAt = try row.next()
    }
}

/// A session and the account it is of.
package struct SessionOwnerRow: PostgresRow, Equatable {
    package let session: AuthSessionRow
    package let user: UserRow

    package init(from row: inout RowReader) throws {
        session = try AuthSessionRow(from: &row)
        user = try UserRow(from: &row)
    }
}

/// A refresh token with its session, locked until the transaction ends.
package struct RefreshTokenRow: PostgresRow {
    package let generation: Int32
    package let usedAt: Timestamp?
    /// The successor, which only the token itself can open.
    package let sealedSuccessor: Bytes?
    package let expiresAt: Timestamp
    /// Whether the successor was used as well.
    package let isSuccessorUsed: Bool
    package let sessionID: UUID

    package init(from row: inout RowReader) throws {
        generation = try row.next()
        usedAt = try row.next()
        sealedSuccessor = try row.next()
        expiresAt = try row.next()
        isSuccessorUsed = try row.next()
        sessionID = try row.next()
    }
}
