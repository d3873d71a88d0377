package import PostgresClient

/// A call to be.
package struct NewCall: Sendable {
    package let id: UUID
    package let roomID: UUID
    package let kind: String
    package let callerID: UUID
    package let receiverID: UUID?
    package let ringingAt: Timestamp
    package let ringExpiresAt: Timestamp

    package init(
        id: UUID,
        roomID: UUID,
        kind: String,
        callerID: UUID,
        receiverID: UUID?,
        ringingAt: Timestamp,
        ringExpiresAt: Timestamp
    ) {
        self.id = id
        self.roomID = roomID
        self.kind = kind
        self.callerID = callerID
        self.receiverID = receiverID
        self.ringingAt = ringingAt
        self.ringExpiresAt = ringExpiresAt
    }
}

extension Transaction {
    /// Holds people until the transaction ends, always in one order: nobody comes into two calls at a time.
    package func lockPeople(_ users: [UUID]) async throws { _ = try await rows(CallWriteStatements.lockPeople, users) }

    /// Holds the call until the transaction ends.
    package func lockCall(_ id: UUID) async throws -> CallRow? { try await first(CallWriteStatements.lock, id) }

    /// With everybody in it: the caller on a device, the others ringing.
    package func insert(_ call: NewCall, device: String, invitees: [UUID], aliveUntil: Timestamp) async throws {
        try await execute(
            CallWriteStatements.insert,
            call.id,
            call.roomID,
            call.kind,
            call.callerID,
            call.receiverID,
            call.ringingAt,
            call.ringExpiresAt
        )
        try await execute(CallWriteStatements.insertInvited, call.id, invitees)
        try await execute(
            CallWriteStatements.insertCaller,
            call.id,
            call.callerID,
            device,
            call.ringingAt,
            aliveUntil
        )
    }

    /// Where the state machine knows the step; a trigger refuses others.
    package func setCallStatus(
        _ status: String,
        of call: UUID,
        reason: String? = nil,
        at now: Timestamp
    ) async throws -> CallRow {
        let row = try await one(CallWriteStatements.setStatus, call, status, reason, now)
        if !row.isLive {
            try await execute(CallWriteStatements.endParticipants, call, now)
            try await execute(CallWriteStatements.deleteSignals, call)
        }
        return row
    }

    package func join(
        _ call: UUID,
        _ user: UUID,
        device: String,
        at now: Timestamp,
        aliveUntil: Timestamp
    ) async throws {
        try await execute(CallWriteStatements.join, call, user, device, now, aliveUntil)
    }

    package func setParticipant(_ state: String, _ user: UUID, of call: UUID, at now: Timestamp) async throws {
        try await execute(CallWriteStatements.setState, call, user, state, now)
    }

    package func setMedia(
        of user: UUID,
        in call: UUID,
        audioMuted: Bool?,
        videoMuted: Bool?,
        screenSharing: Bool?
    ) async throws {
        try await execute(CallWriteStatements.setMedia, call, user, audioMuted, videoMuted, screenSharing)
    }

    /// The call in which somebody is now.
    package func joinedCall(of user: UUID) async throws -> UUID? { try await first(CallWriteStatements.joined, user) }

    /// Live calls that ring for too long, or in which somebody is no longer on the line, or rings in vain.
    /// In the order of their ids, those behind one of them.
    package func overdueCalls(at now: Timestamp, after id: UUID, limit: Int) async throws -> [UUID] {
        try await rows(CallWriteStatements.overdue, now, limit, id)
    }

    /// Those of a call that ring in vain are missed, and those that are no longer on the line have left; how many changed.
    package func dropParticipants(of call: UUID, at now: Timestamp) async throws -> Int {
        let missed = try await execute(CallWriteStatements.miss, call, now)
        return try await missed + execute(CallWriteStatements.drop, call, now)
    }

    /// Those of a call who do not see its room any more have left it, or missed it; who they are, in order.
    package func dropStrangers(of call: UUID, at now: Timestamp) async throws -> [UUID] {
        try await rows(CallWriteStatements.dropStrangers, call, now).sorted()
    }

    /// Passes a signal on, and tells whoever it is for; its number among theirs.
    package func insertSignal(
        to user: UUID,
        of call: UUID,
        topic: String,
        from sender: UUID,
        device: String,
        kind: String,
        payload: String,
        waking feed: EventFeed
    ) async throws -> Int {
        let seq = try await one(CallWriteStatements.tell, topic, sender)
        try await execute(CallWriteStatements.insertSignal, call, user, seq, sender, device, kind, payload)
        afterCommit { feed.announce([topic]) }
        return seq
    }

    /// Signals of which everybody has heard by now.
    package func deleteSignals(before time: Timestamp) async throws {
        try await execute(CallWriteStatements.deleteOldSignals, time)
    }

    /// Somebody who listens on a device is on the line.
    package func keepAlive(
        _ user: UUID,
        in call: UUID,
        device: String,
        until time: Timestamp
    ) async throws {
        try await execute(CallWriteStatements.keepAlive, call, user, device, time)
    }
}

enum CallWriteStatements {
    static let lockPeople = Statement<UUID, [UUID]>(
        "SELECT id FROM users WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE"
    )
    static let lock = Statement<CallRow, UUID>(
        """
        SELECT id, room_id, kind, caller_id, receiver_id, status, end_reason, ringing_at, ring_expires_at, answered_at,
            ended_at
        FROM calls WHERE id = $1 FOR NO KEY UPDATE
        """
    )
    static let insert = Command<UUID, UUID, String, UUID, UUID?, Timestamp, Timestamp>(
        """
        INSERT INTO calls (id, room_id, kind, caller_id, receiver_id, ringing_at, ring_expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """
    )
    static let insertInvited = Command<UUID, [UUID]>(
        "INSERT INTO call_participants (call_id, user_id, state) SELECT $1, u, 'RINGING' FROM unnest($2) AS u ORDER BY u"
    )
    static let insertCaller = Command<UUID, UUID, String, Timestamp, Timestamp>(
        """
        INSERT INTO call_participants (call_id, user_id, state, device_id, joined_at, alive_until)
        VALUES ($1, $2, 'JOINED', $3, $4, $5)
        """
    )
    static let setStatus = Statement<CallRow, UUID, String, String?, Timestamp>(
        """
        UPDATE calls SET status = $2, end_reason = $3,
            answered_at = CASE WHEN $2 = 'ACTIVE' THEN $4 ELSE answered_at END,
            ended_at = CASE WHEN $2 <> 'ACTIVE' THEN greatest($4, ringing_at, answered_at) END
        WHERE id = $1
        RETURNING id, room_id, kind, caller_id, receiver_id, status, end_reason, ringing_at, ring_expires_at, answered_at,
            ended_at
        """
    )
    static let endParticipants = Command<UUID, Timestamp>(
        """
        UPDATE call_participants SET alive_until = NULL, screen_sharing = false,
            state = CASE state WHEN 'JOINED' THEN 'LEFT' ELSE 'MISSED' END,
            left_at = CASE WHEN state = 'JOINED' THEN $2 END
        WHERE call_id = $1 AND state IN ('JOINED', 'RINGING', 'INVITED')
        """
    )
    static let deleteSignals = Command<UUID>("DELETE FROM call_signals WHERE call_id = $1")
    static let join = Command<UUID, UUID, String, Timestamp, Timestamp>(
        """
        UPDATE call_participants SET state = 'JOINED', device_id = $3, joined_at = coalesce(joined_at, $4), left_at = NULL,
            alive_until = $5
        WHERE call_id = $1 AND user_id = $2
        """
    )
    static let setState = Command<UUID, UUID, String, Timestamp>(
        """
        UPDATE call_participants SET state = $3, alive_until = NULL, screen_sharing = false,
            left_at = CASE WHEN $3 = 'LEFT' THEN $4 ELSE left_at END
        WHERE call_id = $1 AND user_id = $2
        """
    )
    static let setMedia = Command<UUID, UUID, Bool?, Bool?, Bool?>(
        """
        UPDATE call_participants SET audio_muted = coalesce($3, audio_muted), video_muted = coalesce($4, video_muted),
            screen_sharing = coalesce($5, screen_sharing)
        WHERE call_id = $1 AND user_id = $2
        """
    )
    static let joined = Statement<UUID, UUID>(
        "SELECT call_id FROM call_participants WHERE user_id = $1 AND state = 'JOINED'"
    )
    static let overdue = Statement<UUID, Timestamp, Int, UUID>(
        """
        SELECT id FROM calls WHERE status = 'RINGING' AND ring_expires_at <= $1 AND id > $3
        UNION
        SELECT call_id FROM call_participants WHERE state = 'JOINED' AND alive_until <= $1 AND call_id > $3
        UNION
        SELECT c.id FROM calls c JOIN call_participants p ON p.call_id = c.id
        WHERE c.status = 'ACTIVE' AND c.ring_expires_at <= $1 AND p.state = 'RINGING' AND c.id > $3
        ORDER BY 1 LIMIT $2
        """
    )
    static let miss = Command<UUID, Timestamp>(
        """
        UPDATE call_participants p SET state = 'MISSED' FROM calls c
        WHERE c.id = $1 AND p.call_id = $1 AND p.state = 'RINGING' AND c.ring_expires_at <= $2
        """
    )
    static let drop = Command<UUID, Timestamp>(
        """
        UPDATE call_participants SET state = 'LEFT', left_at = $2, alive_until = NULL, screen_sharing = false
        WHERE call_id = $1 AND state = 'JOINED' AND alive_until <= $2
        """
    )
    static let dropStrangers = Statement<UUID, UUID, Timestamp>(
        """
        UPDATE call_participants p SET alive_until = NULL, screen_sharing = false,
            left_at = CASE p.state WHEN 'JOINED' THEN $2 ELSE p.left_at END,
            state = CASE p.state WHEN 'JOINED' THEN 'LEFT' ELSE 'MISSED' END
        FROM calls c
        WHERE c.id = $1 AND p.call_id = c.id AND p.state IN ('JOINED', 'RINGING', 'INVITED')
            AND NOT EXISTS (SELECT FROM visible_rooms(ARRAY[c.room_id], p.user_id))
        RETURNING p.user_id
        """
    )
    static let tell = Statement<Int, String, UUID>("SELECT append_event($1, 'CallSignal', '{}', $2)")
    static let insertSignal = Command<UUID, UUID, Int, UUID, String, String, String>(
        """
        INSERT INTO call_signals (call_id, to_user_id, seq, from_user_id, from_device_id, kind, payload)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """
    )
    static let deleteOldSignals = Command<Timestamp>("DELETE FROM call_signals WHERE created_at < $1")
    static let keepAlive = Command<UUID, UUID, String, Timestamp>(
        """
        UPDATE call_participants SET alive_until = greatest(alive_until, $4)
        WHERE call_id = $1 AND user_id = $2 AND device_id = $3 AND state = 'JOINED'
        """
    )
    static let all: [any CheckableStatement] = [
        lockPeople, lock, insert, insertInvited, insertCaller, setStatus, endParticipants, deleteSignals, join,
        setState,
        setMedia, joined, overdue, miss, drop, dropStrangers, tell, insertSignal, deleteOldSignals, keepAlive,
    ]
}
