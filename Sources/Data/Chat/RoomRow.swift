package import PostgresClient

/// A room as one user, or one guest, sees it. Only `visible_rooms` makes such rows: whoever has one may read the room.
package struct RoomRow: PostgresRow, Equatable {
    package let id: UUID
    package let kind: String
    package let title: String
    package let lastSeq: Int
    /// When something was last written, or the room was made.
    package let activeAt: Timestamp
    package let archivedAt: Timestamp?
    package let createdAt: Timestamp
    /// Nil for rooms that are no channels.
    package let channel: ChannelPart?
    /// Nil for rooms that are no conversations of vendors and sellers.
    package let conversation: ConversationPart?
    package let position: Int32
    /// What the user is in the channel's group.
    package let groupRole: String?
    /// Whether the user is one of those that the room counts as its members.
    package let isMember: Bool
    package let lastReadSeq: Int
    package let lastReadAt: Timestamp?

    /// What only channels have.
    package struct ChannelPart: Sendable, Equatable {
        package let groupID: UUID
        package let name: String
        package let kind: String
        package let topic: String
        package let isPrivate: Bool
        package let updatedAt: Timestamp
        package let version: Int32
    }

    /// What only conversations have.
    package struct ConversationPart: Sendable, Equatable {
        package let uuid: UUID
        package let ownerID: UUID
        package let status: String
        package let closedAt: Timestamp?
        package let updatedAt: Timestamp
        package let version: Int32
        /// Whether whoever sees it came by a link, without an account.
        package let isSeenByGuest: Bool
    }

    package init(from row: inout RowReader) throws {
        id = try row.next()
        kind = try row.next()
        title = try row.next()
        lastSeq = try row.next()
        activeAt = try row.next()
        archivedAt = try row.next()
        createdAt = try row.next()
        let (groupID, name, channelKind): (UUID?, String?, String?) = (try row.next(), try row.next(), try row.next())
        let (topic, isPrivate, place): (String?, Bool?, Int32) = (try row.next(), try row.next(), try row.next())
        let (updatedAt, version): (Timestamp?, Int32?) = (try row.next(), try row.next())
        if let groupID, let name, let channelKind, let topic, let isPrivate, let updatedAt, let version {
            channel = ChannelPart(
                groupID: groupID,
                name: name,
                kind: channelKind,
                topic: topic,
                isPrivate: isPrivate,
                updatedAt: updatedAt,
                version: version
            )
        } else {
            channel = nil
        }
        position = place
        groupRole = try row.next()
        isMember = try row.next()
        lastReadSeq = try row.next()
        lastReadAt = try row.next()
        let (uuid, ownerID, status): (UUID?, UUID?, String?) = (try row.next(), try row.next(), try row.next())
        let (closedAt, isGuest): (Timestamp?, Bool) = (try row.next(), try row.next())
        if let uuid, let ownerID, let status, let updatedAt, let version {
            conversation = ConversationPart(
                uuid: uuid,
                ownerID: ownerID,
                status: status,
                closedAt: closedAt,
                updatedAt: updatedAt,
                version: version,
                isSeenByGuest: isGuest
            )
        } else {
            conversation = nil
        }
    }
}
