package import PostgresClient

/// Whom a broadcast is for: everybody, those with one of some roles, or a team.
package enum BroadcastAudience: Sendable, Equatable {
    case everyone
    case roles([String])
    case team(UUID)
}

/// Something that is told to many.
package struct BroadcastRow: PostgresRow, Equatable {
    package let id: UUID
    package let title: String
    package let body: String
    /// By what it is brought.
    package let channels: [String]
    package let audience: BroadcastAudience
    package let status: String
    package let sendAt: Timestamp?
    /// How many it was for when it was made.
    package let audienceCount: Int
    /// How many were told so far.
    package let recipientCount: Int32
    package let createdBy: UUID?
    package let createdAt: Timestamp
    package let jobID: UUID?
    package let finishedAt: Timestamp?

    package init(from row: inout RowReader) throws {
        id = try row.next()
        title = try row.next()
        body = try row.next()
        channels = try row.next()
        let isForEveryone: Bool = try row.next()
        let roles: [String] = try row.next()
        let team: UUID? = try row.next()
        audience = isForEveryone ? .everyone : team.map(BroadcastAudience.team) ?? .roles(roles)
        status = try row.next()
        sendAt = try row.next()
        audienceCount = try row.next()
        recipientCount = try row.next()
        createdBy = try row.next()
        createdAt = try row.next()
        jobID = try row.next()
        finishedAt = try row.next()
    }
}

package struct NewBroadcast: Sendable {
    package let id: UUID
    package let title: String
    package let body: String
    package let channels: [String]
    package let audience: BroadcastAudience
    package let sendAt: Timestamp?
    package let createdBy: UUID
    package let createdAt: Timestamp

    package init(
        id: UUID,
        title: String,
        body: String,
        channels: [String],
        audience: BroadcastAudience,
        sendAt: Timestamp?,
        createdBy: UUID,
        createdAt: Timestamp
    ) {
        self.id = id
        self.title = title
        self.body = body
        self.channels = channels
        self.audience = audience
        self.sendAt = sendAt
        self.createdBy = createdBy
        self.createdAt = createdAt
    }
}

/// What became of what a broadcast told.
package struct BroadcastStatsRow: PostgresRow {
    package let broadcastID: UUID
    package let sent: Int
    package let seen: Int
    package let read: Int

    package init(from row: inout RowReader) throws {
        broadcastID = try row.next()
        sent = try row.next()
        seen = try row.next()
        read = try row.next()
    }
}
