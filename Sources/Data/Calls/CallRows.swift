package import PostgresClient

/// A call in a room.
package struct CallRow: PostgresRow, Equatable {
    package let id: UUID
    package let roomID: UUID
    package let kind: String
    package let callerID: UUID
    /// Who is called, where that is one person.
    package let receiverID: UUID?
    package let status: String
    package let endReason: String?
    package let ringingAt: Timestamp
    package let ringExpiresAt: Timestamp
    package let answeredAt: Timestamp?
    package let endedAt: Timestamp?

    package var isLive: Bool { ["RINGING", "ACTIVE"].contains(status) }

    package init(from row: inout RowReader) throws {
        id = try row.next()
        roomID = try row.next()
        kind = try row.next()
        callerID = try row.next()
        receiverID = try row.next()
        status = try row.next()
        endReason = try row.next()
        ringingAt = try row.next()
        ringExpiresAt = try row.next()
        answeredAt = try row.next()
        endedAt = try row.next()
    }
}

/// Somebody in a call, on one device at most.
package struct CallParticipantRow: PostgresRow, Equatable {
    package let callID: UUID
    package let userID: UUID
    package let deviceID: String?
    package let state: String
    package let joinedAt: Timestamp?
    package let leftAt: Timestamp?
    package let isAudioMuted: Bool
    package let isVideoMuted: Bool
    package let isScreenSharing: Bool

    package init(from row: inout RowReader) throws {
        callID = try row.next()
        userID = try row.next()
        deviceID = try row.next()
        state = try row.next()
        joinedAt = try row.next()
        leftAt = try row.next()
        isAudioMuted = try row.next()
        isVideoMuted = try row.next()
        isScreenSharing = try row.next()
    }
}

/// What one browser says to another, unread.
package struct CallSignalRow: PostgresRow, Equatable {
    package let seq: Int
    package let fromUserID: UUID
    package let fromDeviceID: String
    package let kind: String
    package let payload: String

    package init(from row: inout RowReader) throws {
        seq = try row.next()
        fromUserID = try row.next()
        fromDeviceID = try row.next()
        kind = try row.next()
        payload = try row.next()
    }
}
