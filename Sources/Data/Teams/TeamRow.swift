package import PostgresClient

/// A team that is there, with what somebody is in it.
package struct TeamRow: PostgresRow, Equatable {
    package let id: UUID
    package let name: String
    package let slug: String
    package let description: String
    package let ownerID: UUID
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    package let version: Int32
    /// Of the member it was read for.
    package let membership: TeamMemberRow

    package init(from row: inout RowReader) throws {
        id = try row.next()
        name = try row.next()
        slug = try row.next()
        description = try row.next()
        ownerID = try row.next()
        createdAt = try row.next()
        updatedAt = try row.next()
        version = try row.next()
        membership = try TeamMemberRow(from: &row)
    }
}

/// Somebody's part in a team.
package struct TeamMemberRow: PostgresRow, Equatable {
    package let id: UUID
    package let teamID: UUID
    package let userID: UUID
    package let role: String
    package let invitedBy: UUID?
    package let joinedAt: Timestamp

    package init(from row: inout RowReader) throws {
        id = try row.next()
        teamID = try row.next()
        userID = try row.next()
        role = try row.next()
        invitedBy = try row.next()
        joinedAt = try row.next()
    }
}

/// An invitation into a team.
package struct TeamInviteRow: PostgresRow, Equatable {
    package let id: UUID
    package let teamID: UUID
    package let teamName: String
    package let email: String
    package let role: String
    package let status: String
    package let message: String?
    package let invitedBy: UUID?
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    package let respondedAt: Timestamp?

    package init(from row: inout RowReader) throws {
        id = try row.next()
        teamID = try row.next()
        teamName = try row.next()
        email = try row.next()
        role = try row.next()
        status = try row.next()
        message = try row.next()
        invitedBy = try row.next()
        createdAt = try row.next()
        expiresAt = try row.next()
        respondedAt = try row.next()
    }
}
