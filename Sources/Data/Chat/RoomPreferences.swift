package import PostgresClient

/// How somebody wants to be told of a room; those who have said nothing have no row.
package struct RoomPreferenceRow: PostgresRow, Equatable {
    package let roomID: UUID
    /// `DEFAULT`, `ALL`, `MENTIONS` or `NONE`.
    package let level: String
    package let mutedUntil: Timestamp?
    package let isFavourite: Bool

    package init(from row: inout RowReader) throws {
        roomID = try row.next()
        level = try row.next()
        mutedUntil = try row.next()
        isFavourite = try row.next()
    }
}

/// What shall be different about it; nil leaves what is.
package struct RoomPreferenceChange: Sendable {
    package var level: String?
    package var mutedUntil: Timestamp??
    package var isFavourite: Bool?

    package init(level: String?, mutedUntil: Timestamp??, isFavourite: Bool?) {
        self.level = level
        self.mutedUntil = mutedUntil
        self.isFavourite = isFavourite
    }
}

extension StatementRunner {
    /// What somebody has said of these rooms.
    package func roomPreferences(in rooms: [UUID], of user: UUID) async throws -> [UUID: RoomPreferenceRow] {
        let rows = try await rows(RoomPreferenceStatements.ofRooms, rooms, user)
        return Dictionary(rows.map { ($0.roomID, $0) }) { first, _ in first }
    }
}

extension Transaction {
    /// False where it was so already.
    package func change(_ change: RoomPreferenceChange, of room: UUID, by user: UUID) async throws -> Bool {
        let (mutedUntil, isMuting) =
            switch change.mutedUntil {
            case nil: (Timestamp?.none, false)
            case .some(let time): (time, true)
            }
        return try await execute(
            RoomPreferenceStatements.change,
            room,
            user,
            change.level,
            isMuting,
            mutedUntil,
            change.isFavourite
        ) == 1
    }
}

enum RoomPreferenceStatements {
    static let ofRooms = Statement<RoomPreferenceRow, [UUID], UUID>(
        "SELECT room_id, level, muted_until, is_favourite FROM room_preferences WHERE room_id = ANY ($1) AND user_id = $2"
    )
    static let change = Command<UUID, UUID, String?, Bool, Timestamp?, Bool?>(
        """
        INSERT INTO room_preferences AS p (room_id, user_id, level, muted_until, is_favourite)
        VALUES ($1, $2, coalesce($3, 'DEFAULT'), $5, coalesce($6, false))
        ON CONFLICT (room_id, user_id) DO UPDATE SET level = coalesce($3, p.level),
            muted_until = CASE WHEN $4 THEN $5 ELSE p.muted_until END, is_favourite = coalesce($6, p.is_favourite)
        WHERE (p.level, p.muted_until, p.is_favourite) IS DISTINCT FROM
            (coalesce($3, p.level), CASE WHEN $4 THEN $5 ELSE p.muted_until END, coalesce($6, p.is_favourite))
        """
    )
    static let all: [any CheckableStatement] = [ofRooms, change]
}
