package import PostgresClient

/// A group as one user sees it.
package struct GroupRow: PostgresRow, Equatable {
    package let id: UUID
    package let name: String
    package let slug: String
    package let description: String
    package let visibility: String
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    package let version: Int32
    /// What the user is there; nil for those who do not belong to it.
    package let role: String?
    package let joinedAt: Timestamp?

    package init(from row: inout RowReader) throws {
        id = try row.next()
        name = try row.next()
        slug = try row.next()
        description = try row.next()
        visibility = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        version = try row.next()
        role = try row.next()
        joinedAt = try row.next()
    }
}

/// Somebody who belongs to a group.
package struct GroupMemberRow: PostgresRow, Equatable {
    package let id: UUID
    package let groupID: UUID
    package let userID: UUID
    package let role: String
    package let joinedAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        groupID = try row.next()
        userID = try row.next()
        role = try row.next()
        joinedAt = try row.next()
    }
}
