package import PostgresClient

extension Session {
    /// Those of these files that the user may see, in no order.
    package func files(_ ids: [UUID], visibleTo user: UUID) async throws -> [FileRow] {
        try await rows(FileReadStatements.visible, ids, user)
    }

    /// A file that can be read, for those who have a link to it.
    package func readyFile(_ id: UUID) async throws -> FileRow? { try await first(FileReadStatements.ready, id) }

    /// One of the user's own, whether its bytes are there or not.
    package func file(_ id: UUID, of owner: UUID) async throws -> FileRow? {
        try await first(FileReadStatements.own, id, owner)
    }
}

extension StatementRunner {
    /// A file that waits for its bytes.
    package func pendingFile(_ id: UUID) async throws -> FileRow? { try await first(FileReadStatements.pending, id) }
}

enum FileReadStatements {
    /// The rule of who sees a file by its id: its owner, and everybody when it is public. What files hang on (a message, a
    /// profile) answers with them to those who see it; a rule that lets them ask by id as well is one more line here.
    static let visible = Statement<FileRow, [UUID], UUID>(
        """
        SELECT id, owner_id, purpose, filename, content_type, byte_size, sha256, storage_key, status, rejection,
            visibility, width, height, ref_count, created_at, updated_at
        FROM files WHERE id = ANY ($1) AND (
            (owner_id = $2 AND status <> 'DELETED')
            OR (visibility = 'PUBLIC' AND status = 'READY')
        )
        """
    )
    static let ready = Statement<FileRow, UUID>(
        """
        SELECT id, owner_id, purpose, filename, content_type, byte_size, sha256, storage_key, status, rejection,
            visibility, width, height, ref_count, created_at, updated_at
        FROM files WHERE id = $1 AND status = 'READY'
        """
    )
    static let pending = Statement<FileRow, UUID>(
        """
        SELECT id, owner_id, purpose, filename, content_type, byte_size, sha256, storage_key, status, rejection,
            visibility, width, height, ref_count, created_at, updated_at
        FROM files WHERE id = $1 AND status = 'PENDING'
        """
    )
    static let own = Statement<FileRow, UUID, UUID>(
        """
        SELECT id, owner_id, purpose, filename, content_type, byte_size, sha256, storage_key, status, rejection,
            visibility, width, height, ref_count, created_at, updated_at
        FROM files WHERE id = $1 AND owner_id = $2 AND status <> 'DELETED'
        """
    )
    static let all: [any CheckableStatement] = [visible, ready, pending, own]
}
