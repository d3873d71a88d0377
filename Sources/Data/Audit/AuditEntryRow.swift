package import PostgresClient

/// An entry of the log.
package struct AuditEntryRow: PostgresRow, Equatable {
    package let sequence: Int
    package let id: UUID
    package let occurredAt: Timestamp
    package let action: String
    package let outcome: String
    package let actorID: UUID?
    package let teamID: UUID?
    package let resourceType: String?
    package let resourceID: String?
    package let requestID: String?
    package let address: InternetAddress?
    package let userAgent: String?
    package let errorCode: String?
    package let keyPrefix: String?
    /// How many like it were not written before it.
    package let omitted: Int
    package let hash: String
    package let changes: [AuditChange]

    package init(from row: inout RowReader) throws {
        sequence = try row.next()
        id = try row.next()
        occurredAt = try row.next()
        action = try row.next()
        outcome = try row.next()
        actorID = try row.next()
        teamID = try row.next()
        resourceType = try row.next()
        resourceID = try row.next()
        requestID = try row.next()
        address = try row.next()
        userAgent = try row.next()
        errorCode = try row.next()
        keyPrefix = try row.next()
        omitted = try row.next()
        hash = try row.next()
        changes = AuditChangeColumns(fields: try row.next(), before: try row.next(), after: try row.next()).changes
    }
}

/// Which entries are asked for. Nil says nothing.
package struct AuditFilter: Sendable {
    /// Words that must all be in an entry.
    package var search: String?
    package var actions: [String]?
    package var outcomes: [String]?
    package var actorID: UUID?
    package var resourceType: String?
    package var resourceID: String?
    package var address: InternetAddress?
    package var since: Timestamp?
    package var until: Timestamp?

    package init() {}
}
