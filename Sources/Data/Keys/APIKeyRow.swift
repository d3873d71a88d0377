package import PostgresClient

/// A key by which a program acts for somebody.
package struct APIKeyRow: PostgresRow, Equatable {
    package let id: UUID
    package let userID: UUID
    package let name: String
    package let prefix: String
    package let scopes: [String]
    /// From where it may be used; anywhere if there is none.
    package let allowedRanges: [String]
    package let isRevoked: Bool
    package let createdAt: Timestamp
    package let lastUsedAt: Timestamp?
    package let expiresAt: Timestamp?
    /// The only team it reaches, and nothing else; nil for a key that reaches what its owner does.
    package let teamID: UUID?

    package init(from row: inout RowReader) throws {
        id = try row.next()
        userID = try row.next()
        name = try row.next()
        prefix = try row.next()
        scopes = try row.next()
        allowedRanges = try row.next()
        isRevoked = try row.next()
        createdAt = try row.next()
        lastUsedAt = try row.next()
        expiresAt = try row.next()
        teamID = try row.next()
    }
}

/// A key, the hashes its secret may have, and whom it acts for.
package struct APIKeyOwnerRow: PostgresRow, Equatable {
    package let hash: Bytes
    /// What it was before it was rotated, which counts for a while.
    package let previousHash: Bytes?
    package let previousValidUntil: Timestamp?
    /// Whether its owner belongs to its team, if it has one, and the team is there.
    package let reachesTeam: Bool
    package let key: APIKeyRow
    package let user: UserRow

    package init(from row: inout RowReader) throws {
        hash = try row.next()
        previousHash = try row.next()
        previousValidUntil = try row.next()
        reachesTeam = try row.next()
        key = try APIKeyRow(from: &row)
        user = try UserRow(from: &row)
    }
}

/// A key to be.
package struct NewAPIKey: Sendable {
    package let id: UUID
    package let userID: UUID
    package let teamID: UUID?
    package let name: String
    package let prefix: String
    package let hash: [UInt8]
    package let scopes: [String]
    package let allowedRanges: [String]
    package let expiresAt: Timestamp?

    package init(
        id: UUID,
        userID: UUID,
        teamID: UUID?,
        name: String,
        prefix: String,
        hash: [UInt8],
        scopes: [String],
        allowedRanges: [String],
        expiresAt: Timestamp?
    ) {
        self.id = id
        self.userID = userID
        self.teamID = teamID
        self.name = name
        self.prefix = prefix
        self.hash = hash
        self.scopes = scopes
        self.allowedRanges = allowedRanges
        self.expiresAt = expiresAt
    }
}
