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

extension Session {
    /// All of the user's own, the newest first; nil says nothing of the purpose.
    package func files(of owner: UUID, purposes: [String]?, _ request: PageRequest) async throws -> Page<FileRow> {
        try await page(FileReadStatements.list, request, owner, purposes)
    }

    package func fileCount(of owner: UUID, purposes: [String]?) async throws -> Int {
        try await one(FileReadStatements.listCount, owner, purposes)
    }
}

extension StatementRunner {
    /// A file that waits for its bytes.
    package func pendingFile(_ id: UUID) async throws -> FileRow? { try await first(FileReadStatements.pending, id) }
}

enum FileReadStatements {
    /// The rule of who sees a file by its id: its owner, everybody when it is public, and those who see a message that it
    /// hangs on.
    static let visible = Statement<FileRow, [UUID], UUID>(
        """
        SELECT id, owner_id, purpose, filename, content_type, byte_size, sha256, storage_key, status, rejection,
            visibility, width, height, ref_count, created_at, updated_at
        FROM files WHERE id = ANY ($1) AND (
            (owner_id = $2 AND status <> 'DELETED')
            OR (visibility = 'PUBLIC' AND status = 'READY')
            OR (status = 'READY' AND EXISTS (
                SELECT FROM message_attachments a JOIN messages m ON m.id = a.message_id
                CROSS JOIN LATERAL (SELECT v.id FROM visible_rooms(ARRAY[m.room_id], $2) AS v OFFSET 0) AS room
                WHERE a.file_id = files.id
            ))
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
    static let list = PagedStatement<FileRow, Keyset<Timestamp, UUID>, UUID, [String]?>(
        "Viewer.files",
        by: [.descending("f.created_at"), .descending("f.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT f.id, f.owner_id, f.purpose, f.filename, f.content_type, f.byte_size, f.sha256, f.storage_key, f.status,
            f.rejection, f.visibility, f.width, f.height, f.ref_count, f.created_at, f.updated_at
        FROM files f WHERE f.owner_id = $1 AND f.status <> 'DELETED' AND ($2::text[] IS NULL OR f.purpose = ANY ($2))
            AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let listCount = Statement<Int, UUID, [String]?>(
        """
        SELECT count(*) FROM files f
        WHERE f.owner_id = $1 AND f.status <> 'DELETED' AND ($2::text[] IS NULL OR f.purpose = ANY ($2))
        """
    )
    static var all: [any CheckableStatement] { [visible, ready, pending, own, listCount] + list.variants }
}
