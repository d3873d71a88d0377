package import PostgresClient

/// What somebody who writes to a room has to know of it, in one row.
package struct RoomAdmission: PostgresRow, Equatable {
    package let room: RoomRow
    package let gate: RoomGate
    /// Whether anybody else is told of what is written there, whatever it says.
    package let hasListeners: Bool

    package init(from row: inout RowReader) throws {
        room = try RoomRow(from: &row)
        gate = try RoomGate(from: &row)
        hasListeners = try row.next()
    }
}

extension StatementRunner {
    /// The room as somebody sees it, and what keeps them from writing; nil for those who do not see it.
    package func admission(of user: UUID, to room: UUID) async throws -> RoomAdmission? {
        try await first(MessageSendingStatements.admission, room, user)
    }
}

/// What goes before a message. None of it needs the answer to another, so that it takes one way to the database and back.
extension StatementBatch {
    /// Holds the room until the transaction ends: who writes comes one after the other. Those who do not see it hold up nobody.
    ///
    /// What is asked behind it is as those left it who wrote before: each statement sees what was committed when its turn
    /// came, and this one's turn ends when the others are done.
    package mutating func holdRoom(_ id: UUID, for user: UUID) { _ = first(MessageSendingStatements.hold, id, user) }

    /// Nobody is told anything of the room any more without seeing what they read of it now, and what they were told is there.
    package mutating func holdReading(of room: UUID, by user: UUID) {
        _ = first(MessageSendingStatements.holdReading, room, user)
    }

    /// The room as somebody sees it, and what keeps them from writing; nil for those who do not see it.
    package mutating func admission(of user: UUID, to room: UUID) -> Answer<RoomAdmission?> {
        first(MessageSendingStatements.admission, room, user)
    }

    /// What the author has sent with this nonce, if anything.
    package mutating func message(sentBy author: UUID, to room: UUID, nonce: String) -> Answer<MessageRow?> {
        first(MessageWriteStatements.sent, room, author, nonce)
    }

    /// Whether a message that may be replied to stands in the room.
    package mutating func hasMessage(_ id: UUID, in room: UUID) -> Answer<Bool> {
        one(MessageWriteStatements.isInRoom, id, room)
    }

    /// The first message of the thread that a message of the room begins or stands in; nil where there is no such message.
    package mutating func threadRoot(of id: UUID, in room: UUID) -> Answer<UUID?> {
        first(MessageWriteStatements.threadRoot, id, room)
    }

    /// Those of these files that their owner may attach to something, held until the transaction ends.
    package mutating func lockFiles(_ ids: [UUID], attachedBy owner: UUID) -> Answer<[FileRow]> {
        rows(FileWriteStatements.lockOwn, ids, owner)
    }

    /// Those of these names that are of people who see the room, and may be spoken of there by somebody.
    package mutating func people(named names: [String], seeing room: UUID, by author: UUID) -> Answer<[UUID]> {
        rows(MentionStatements.people, names, room, author)
    }
}

/// A message and what goes with it. It rides with COMMIT.
extension StatementBatch {
    package mutating func insert(_ message: NewMessage) -> Answer<MessageRow> {
        one(
            MessageWriteStatements.insert,
            message.id,
            message.roomID,
            message.isOfGuest ? nil : message.authorID,
            message.isOfGuest ? message.authorID : nil,
            message.body,
            message.replyToID,
            message.threadRootID,
            message.nonce
        )
    }

    /// Files that were locked before, in their order; the caption of one that has none is empty.
    package mutating func attach(_ files: [UUID], captions: [String], to message: UUID) {
        execute(AttachmentStatements.attach, message, files, captions)
    }

    /// Moves what somebody has read to the message that is being written; see `Transaction.setRead`. The room is held, so that its
    /// number is the next one.
    package mutating func setReadAll(_ room: RoomRow, by user: UUID, isGuest: Bool) {
        if !room.isMember, let channel = room.channel, !channel.isPrivate {
            _ = first(RoomWriteStatements.insertRead, room.id, user, .max)
        }
        if isGuest {
            _ = first(RoomWriteStatements.setRead, room.id, user, .max)
        } else {
            execute(MessageSendingStatements.setRead, room.id, user, room.lastSeq + 1)
        }
    }

    /// Notes when somebody wrote to a room in which they have to wait.
    package mutating func notePost(in room: UUID, by user: UUID, at time: Timestamp) {
        execute(RoomChangeStatements.notePost, room, user, time)
    }

    /// Notes who a new message speaks of.
    package mutating func mention(_ users: [UUID], in message: UUID) {
        _ = rows(MentionStatements.insert, message, users)
    }
}

enum MessageSendingStatements {
    static let hold = Statement<UUID, UUID, UUID>(
        """
        SELECT r.id FROM rooms r WHERE r.id = $1 AND EXISTS (SELECT FROM visible_rooms(ARRAY[$1], $2))
        FOR NO KEY UPDATE OF r
        """
    )
    static let admission = Statement<RoomAdmission, UUID, UUID>(
        """
        SELECT room.*, coalesce(c.slow_mode_seconds, 0), t.until, m.last_posted_at, room.kind = 'DIRECT' AND (
                SELECT count(*) = 2 AND bool_or(
                    EXISTS (SELECT FROM user_blocks b WHERE b.user_id = o.user_id AND b.blocked_id = $2)
                        OR EXISTS (SELECT FROM user_blocks b WHERE b.user_id = $2 AND b.blocked_id = o.user_id))
                FROM room_members o WHERE o.room_id = room.id AND o.user_id IS NOT NULL),
            CASE WHEN room.kind = 'CHANNEL' THEN EXISTS (
                SELECT FROM room_preferences w WHERE w.room_id = room.id AND w.level = 'ALL' AND w.user_id <> $2)
            ELSE (SELECT count(*) > 0 FROM room_members o WHERE o.room_id = room.id AND o.user_id <> $2) END
        FROM visible_rooms(ARRAY[$1], $2) AS room LEFT JOIN channels c ON c.id = room.id
        LEFT JOIN room_timeouts t ON t.room_id = room.id AND t.user_id = $2
        LEFT JOIN room_members m ON m.room_id = room.id AND m.user_id = $2
        """
    )
    static let holdReading = Statement<UUID, UUID, UUID>(
        "SELECT room_id FROM room_members WHERE room_id = $1 AND user_id = $2 FOR NO KEY UPDATE"
    )
    static let setRead = Command<UUID, UUID, Int>(
        """
        UPDATE room_members SET last_read_seq = $3, last_read_at = clock_timestamp()
        WHERE room_id = $1 AND user_id = $2 AND last_read_seq < $3
        """
    )
    static let all: [any CheckableStatement] = [hold, holdReading, admission, setRead]
}
