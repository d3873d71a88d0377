package import PostgresClient

/// Whose settings.
package enum SettingOwner: Sendable, Hashable {
    case user(UUID)
    case team(TeamScope)
    case application

    var userID: UUID? { if case .user(let id) = self { id } else { nil } }
    var teamID: UUID? { if case .team(let scope) = self { scope.teamID } else { nil } }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(userID)
        hasher.combine(teamID)
    }
}

/// A setting that somebody has changed.
package struct SettingRow: PostgresRow, Equatable {
    package let key: String
    /// Nil where it was set back.
    package let value: String?
    package let version: Int32
    package let updatedBy: UUID?
    package let updatedAt: Timestamp

    package init(from row: inout RowReader) throws {
        key = try row.next()
        value = try row.next()
        version = try row.next()
        updatedBy = try row.next()
        updatedAt = try row.next()
    }
}

extension StatementRunner {
    /// By key.
    package func settings(of owner: SettingOwner) async throws -> [SettingRow] {
        try await rows(SettingStatements.ofOwner, owner.userID, owner.teamID)
    }
}

/// A setting of a team.
struct TeamSettingRow: PostgresRow {
    let teamID: UUID
    let setting: SettingRow

    init(from row: inout RowReader) throws {
        teamID = try row.next()
        setting = try SettingRow(from: &row)
    }
}

extension Session {
    /// Of many teams by one statement.
    package func settings(of scopes: [TeamScope]) async throws -> [UUID: [SettingRow]] {
        let rows = try await rows(SettingStatements.ofTeams, scopes.map(\.teamID))
        return Dictionary(grouping: rows, by: \.teamID).mapValues { $0.map(\.setting) }
    }
}

extension Transaction {
    /// Nil when its version is another; 0 is that of one which nobody has changed.
    package func set(
        _ key: String,
        _ value: String?,
        of owner: SettingOwner,
        expectedVersion: Int32?,
        by user: UUID
    ) async throws -> SettingRow? {
        try await first(SettingStatements.set, key, owner.userID, owner.teamID, value, expectedVersion, user)
    }
}

enum SettingStatements {
    static let ofOwner = Statement<SettingRow, UUID?, UUID?>(
        """
        SELECT key, value, version, updated_by, updated_at FROM settings
        WHERE user_id IS NOT DISTINCT FROM $1 AND team_id IS NOT DISTINCT FROM $2 ORDER BY key
        """
    )
    static let ofTeams = Statement<TeamSettingRow, [UUID]>(
        """
        SELECT t.id, s.key, s.value, s.version, s.updated_by, s.updated_at FROM settings s JOIN teams t ON t.id = s.team_id
        WHERE s.team_id = ANY ($1) ORDER BY s.key
        """
    )
    // A row that is new has no version to be compared: only one that nobody has changed may be expected then.
    static let set = Statement<SettingRow, String, UUID?, UUID?, String?, Int32?, UUID>(
        """
        INSERT INTO settings AS s (key, user_id, team_id, value, updated_by)
        SELECT $1, $2, $3, $4, $6
        WHERE coalesce($5, 0) = 0 OR EXISTS (
            SELECT FROM settings o WHERE o.key = $1 AND o.user_id IS NOT DISTINCT FROM $2 AND o.team_id IS NOT DISTINCT FROM $3
        )
        ON CONFLICT ON CONSTRAINT settings_once DO UPDATE
            SET value = excluded.value, version = s.version + 1, updated_by = excluded.updated_by, updated_at = now()
            WHERE $5 IS NULL OR s.version = $5
        RETURNING key, value, version, updated_by, updated_at
        """
    )
    static let all: [any CheckableStatement] = [ofOwner, ofTeams, set]
}
