package import PostgresClient

extension Session {
    /// The calls somebody was called to, or made, the newest first.
    package func calls(of user: UUID, statuses: [String], _ request: PageRequest) async throws -> Page<CallRow> {
        try await page(CallReadStatements.ofUser, request, user, statuses)
    }

    package func callCount(of user: UUID, statuses: [String]) async throws -> Int {
        try await one(CallReadStatements.countOfUser, user, statuses)
    }
}

extension StatementRunner {
    /// Those of these calls that are the user's, or in rooms the user sees; in no order.
    package func calls(_ ids: [UUID], visibleTo user: UUID) async throws -> [CallRow] {
        try await rows(CallReadStatements.visible, ids, user)
    }

    /// For those who were found to see their rooms.
    package func callsForAll(_ ids: [UUID]) async throws -> [CallRow] {
        try await rows(CallReadStatements.byID, ids)
    }

    /// What goes on in rooms, of which each has one call at most.
    package func liveCalls(in rooms: [UUID]) async throws -> [CallRow] {
        try await rows(CallReadStatements.live, rooms)
    }

    /// The caller first, then the others in the order of their ids.
    package func participants(of calls: [UUID]) async throws -> [CallParticipantRow] {
        try await rows(CallReadStatements.participants, calls)
    }

    package func participant(_ user: UUID, of call: UUID) async throws -> CallParticipantRow? {
        try await first(CallReadStatements.participant, call, user)
    }

    /// Nil for those who do not see the call's room, or no longer do.
    package func participant(_ user: UUID, seeing call: UUID) async throws -> CallParticipantRow? {
        try await first(CallReadStatements.seeingParticipant, call, user)
    }

    /// Nil once it is no longer kept.
    package func callSignal(_ seq: Int, to user: UUID, of call: UUID) async throws -> CallSignalRow? {
        try await first(CallReadStatements.signal, call, user, seq)
    }
}

enum CallReadStatements {
    static let ofUser = PagedStatement<CallRow, Keyset<Timestamp, UUID>, UUID, [String]>(
        "Viewer.calls",
        by: [.descending("c.ringing_at"), .descending("c.id")],
        key: { Keyset($0.ringingAt, $0.id) },
        """
        SELECT c.id, c.room_id, c.kind, c.caller_id, c.receiver_id, c.status, c.end_reason, c.ringing_at,
            c.ring_expires_at, c.answered_at, c.ended_at
        FROM call_participants p JOIN calls c ON c.id = p.call_id
        WHERE p.user_id = $1 AND c.status = ANY ($2::text[]) AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let countOfUser = Statement<Int, UUID, [String]>(
        """
        SELECT count(*) FROM call_participants p JOIN calls c ON c.id = p.call_id
        WHERE p.user_id = $1 AND c.status = ANY ($2::text[])
        """
    )
    static let visible = Statement<CallRow, [UUID], UUID>(
        """
        WITH c AS MATERIALIZED (
            SELECT id, room_id, kind, caller_id, receiver_id, status, end_reason, ringing_at, ring_expires_at, answered_at,
                ended_at
            FROM calls WHERE id = ANY ($1)
        )
        SELECT c.* FROM c LEFT JOIN call_participants p ON p.call_id = c.id AND p.user_id = $2
        WHERE p.user_id IS NOT NULL
            OR EXISTS (SELECT FROM visible_rooms(ARRAY[c.room_id], $2))
        """
    )
    static let byID = Statement<CallRow, [UUID]>(
        """
        SELECT id, room_id, kind, caller_id, receiver_id, status, end_reason, ringing_at, ring_expires_at, answered_at,
            ended_at
        FROM calls WHERE id = ANY ($1)
        """
    )
    static let live = Statement<CallRow, [UUID]>(
        """
        SELECT id, room_id, kind, caller_id, receiver_id, status, end_reason, ringing_at, ring_expires_at, answered_at,
            ended_at
        FROM calls WHERE room_id = ANY ($1) AND status IN ('RINGING', 'ACTIVE')
        """
    )
    static let participants = Statement<CallParticipantRow, [UUID]>(
        """
        SELECT p.call_id, p.user_id, p.device_id, p.state, p.joined_at, p.left_at, p.audio_muted, p.video_muted,
            p.screen_sharing
        FROM call_participants p JOIN calls c ON c.id = p.call_id
        WHERE p.call_id = ANY ($1) ORDER BY p.call_id, p.user_id <> c.caller_id, p.user_id
        """
    )
    static let participant = Statement<CallParticipantRow, UUID, UUID>(
        """
        SELECT call_id, user_id, device_id, state, joined_at, left_at, audio_muted, video_muted, screen_sharing
        FROM call_participants WHERE call_id = $1 AND user_id = $2
        """
    )
    static let seeingParticipant = Statement<CallParticipantRow, UUID, UUID>(
        """
        SELECT p.call_id, p.user_id, p.device_id, p.state, p.joined_at, p.left_at, p.audio_muted, p.video_muted,
            p.screen_sharing
        FROM call_participants p JOIN calls c ON c.id = p.call_id
        CROSS JOIN LATERAL (SELECT v.id FROM visible_rooms(ARRAY[c.room_id], p.user_id) AS v OFFSET 0) AS room
        WHERE p.call_id = $1 AND p.user_id = $2
        """
    )
    static let signal = Statement<CallSignalRow, UUID, UUID, Int>(
        """
        SELECT seq, from_user_id, from_device_id, kind, payload FROM call_signals
        WHERE call_id = $1 AND to_user_id = $2 AND seq = $3
        """
    )
    static var all: [any CheckableStatement] {
        ofUser.variants + [
            countOfUser, visible, byID, live, participants, participant, seeingParticipant, signal,
        ]
    }
}
