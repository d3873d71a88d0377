package import PostgresClient

/// An authenticator of somebody.
package struct MFAFactorRow: PostgresRow, Equatable {
    package let id: UUID
    package let userID: UUID
    package let name: String
    /// Encrypted for its row.
    package let sealedSecret: Bytes
    /// The thirty seconds of which a code was used last; none before it may be.
    package let lastStep: Int64?
    /// Nil until its owner has shown that it works.
    package let confirmedAt: Timestamp?
    package let usedAt: Timestamp?
    package let createdAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        userID = try row.next()
        name = try row.next()
        sealedSecret = try row.next()
        lastStep = try row.next()
        confirmedAt = try row.next()
        usedAt = try row.next()
        createdAt = try row.next()
    }
}

/// A sign-in that waits for its second step.
package struct MFAChallengeRow: PostgresRow {
    package let userID: UUID
    package let method: String
    package let deviceName: String?
    package let expiresAt: Timestamp
    package let usedAt: Timestamp?

    package init(from row: inout RowReader) throws {
        userID = try row.next()
        method = try row.next()
        deviceName = try row.next()
        expiresAt = try row.next()
        usedAt = try row.next()
    }
}
