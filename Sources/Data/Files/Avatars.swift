package import PostgresClient

/// The picture of somebody, or of a group.
package struct AvatarRow: PostgresRow, Equatable {
    package let ownerID: UUID
    package let file: FileRow

    package init(from row: inout RowReader) throws {
        ownerID = try row.next()
        file = try FileRow(from: &row)
    }
}

extension StatementRunner {
    /// The pictures of people. For those alone who see them.
    package func avatars(ofUsers users: [UUID]) async throws -> [UUID: FileRow] {
        try await avatars(AvatarStatements.ofUsers, users)
    }

    /// The pictures of groups. For those alone who belong to them.
    package func avatars(ofGroups groups: [UUID]) async throws -> [UUID: FileRow] {
        try await avatars(AvatarStatements.ofGroups, groups)
    }

    private func avatars(_ statement: Statement<AvatarRow, [UUID]>, _ owners: [UUID]) async throws -> [UUID: FileRow] {
        guard !owners.isEmpty else { return [:] }
        let rows = try await rows(statement, owners)
        return Dictionary(rows.map { ($0.ownerID, $0.file) }) { first, _ in first }
    }
}

extension Transaction {
    /// Whether this is a picture that somebody may have for themselves, or a group: their own, and uploaded for it. It stays
    /// so until the transaction ends.
    package func lockAvatar(_ file: UUID, of user: UUID) async throws -> Bool {
        try await lockFiles([file], attachedBy: user).first?.purpose == "AVATAR"
    }

    /// Nil takes it away.
    package func setAvatar(_ file: UUID?, ofUser user: UUID) async throws {
        try await execute(AvatarStatements.setOfUser, user, file)
    }
}

enum AvatarStatements {
    static let ofUsers = Statement<AvatarRow, [UUID]>(
        """
        SELECT p.user_id, f.id, f.owner_id, f.purpose, f.filename, f.content_type, f.byte_size, f.sha256, f.storage_key,
            f.status, f.rejection, f.visibility, f.width, f.height, f.ref_count, f.created_at, f.updated_at
        FROM user_profiles p JOIN files f ON f.id = p.avatar_file_id
        WHERE p.user_id = ANY ($1) AND f.status = 'READY'
        """
    )
    static let ofGroups = Statement<AvatarRow, [UUID]>(
        """
        SELECT g.id, f.id, f.owner_id, f.purpose, f.filename, f.content_type, f.byte_size, f.sha256, f.storage_key,
            f.status, f.rejection, f.visibility, f.width, f.height, f.ref_count, f.created_at, f.updated_at
        FROM groups g JOIN files f ON f.id = g.avatar_file_id
        WHERE g.id = ANY ($1) AND f.status = 'READY'
        """
    )
    static let setOfUser = Command<UUID, UUID?>(
        """
        UPDATE user_profiles SET avatar_file_id = $2, updated_at = now()
        WHERE user_id = $1 AND avatar_file_id IS DISTINCT FROM $2
        """
    )
    static let all: [any CheckableStatement] = [ofUsers, ofGroups, setOfUser]
}
