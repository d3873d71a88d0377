package import PostgresClient

extension Transaction {
    /// The name is kept in the composed form of Unicode, so that equal names are equal.
    package func insert(_ file: NewFile) async throws {
        try await execute(
            FileWriteStatements.insert,
            file.id,
            file.ownerID,
            file.purpose,
            file.filename,
            file.contentType,
            file.byteSize,
            file.sha256.map(Bytes.init),
            file.storageKey
        )
    }

    /// Nil when the file no longer waits for its bytes.
    package func setReady(_ id: UUID, _ facts: FileFacts) async throws -> FileRow? {
        try await first(
            FileWriteStatements.setReady,
            id,
            facts.contentType,
            Bytes(facts.sha256),
            facts.width.map(Int32.init(clamping:)),
            facts.height.map(Int32.init(clamping:))
        )
    }

    /// False when the file no longer waits for its bytes.
    package func setRejected(_ id: UUID, because reason: String) async throws -> Bool {
        try await execute(FileWriteStatements.setRejected, id, reason) == 1
    }

    /// The user's own file, held until the transaction ends.
    package func lockFile(_ id: UUID, of owner: UUID) async throws -> FileRow? {
        try await first(FileWriteStatements.lock, id, owner)
    }

    /// Those of these files that their owner may attach to something, held until the transaction ends, in the order of
    /// their ids. That something refers to them is counted by the tables that do.
    package func lockFiles(_ ids: [UUID], attachedBy owner: UUID) async throws -> [FileRow] {
        try await rows(FileWriteStatements.lockOwn, ids, owner)
    }

    package func rename(_ id: UUID, to filename: String) async throws -> FileRow {
        try await one(FileWriteStatements.rename, id, filename)
    }

    package func setDeleted(_ id: UUID) async throws { try await setDeleted([id]) }

    package func setDeleted(_ ids: [UUID]) async throws { try await execute(FileWriteStatements.setDeleted, ids) }

    // MARK: Sweeping

    /// Files that nobody wants any more, held until the transaction ends; others that sweep pass them by.
    package func lockUnwantedFiles(
        notCompletedBy pending: Timestamp,
        notAttachedBy unattached: Timestamp,
        purposes: [String],
        limit: Int
    ) async throws -> [FileRow] {
        try await rows(FileWriteStatements.lockUnwanted, pending, unattached, purposes, limit)
    }

    /// Those that were set deleted before, and that nothing refers to.
    package func deleteFiles(_ ids: [UUID]) async throws { try await execute(FileWriteStatements.delete, ids) }
}

enum FileWriteStatements {
    static let insert = Command<UUID, UUID, String, String, String, Int, Bytes?, String>(
        """
        INSERT INTO files (id, owner_id, purpose, filename, content_type, byte_size, sha256, storage_key)
        VALUES ($1, $2, $3, normalize($4, NFC), $5, $6, $7, $8)
        """
    )
    static let setReady = Statement<FileRow, UUID, String, Bytes, Int32?, Int32?>(
        """
        UPDATE files SET status = 'READY', content_type = $2, sha256 = $3, width = $4, height = $5, updated_at = now()
        WHERE id = $1 AND status = 'PENDING'
        RETURNING id, owner_id, purpose, filename, content_type, byte_size, sha256, storage_key, status, rejection,
            visibility, width, height, ref_count, created_at, updated_at
        """
    )
    static let setRejected = Command<UUID, String>(
        """
        UPDATE files SET status = 'REJECTED', rejection = $2, updated_at = now() WHERE id = $1 AND status = 'PENDING'
        """
    )
    static let lock = Statement<FileRow, UUID, UUID>(
        """
        SELECT id, owner_id, purpose, filename, content_type, byte_size, sha256, storage_key, status, rejection,
            visibility, width, height, ref_count, created_at, updated_at
        FROM files WHERE id = $1 AND owner_id = $2 AND status <> 'DELETED' FOR NO KEY UPDATE
        """
    )
    static let lockOwn = Statement<FileRow, [UUID], UUID>(
        """
        SELECT id, owner_id, purpose, filename, content_type, byte_size, sha256, storage_key, status, rejection,
            visibility, width, height, ref_count, created_at, updated_at
        FROM files WHERE id = ANY ($1) AND owner_id = $2 AND status = 'READY' ORDER BY id FOR NO KEY UPDATE
        """
    )
    static let rename = Statement<FileRow, UUID, String>(
        """
        UPDATE files SET filename = normalize($2, NFC), updated_at = now() WHERE id = $1
        RETURNING id, owner_id, purpose, filename, content_type, byte_size, sha256, storage_key, status, rejection,
            visibility, width, height, ref_count, created_at, updated_at
        """
    )
    static let setDeleted = Command<[UUID]>(
        """
        UPDATE files SET status = 'DELETED', rejection = NULL, deleted_at = now(), updated_at = now()
        WHERE id = ANY ($1) AND status <> 'DELETED'
        """
    )
    static let lockUnwanted = Statement<FileRow, Timestamp, Timestamp, [String], Int>(
        """
        SELECT id, owner_id, purpose, filename, content_type, byte_size, sha256, storage_key, status, rejection,
            visibility, width, height, ref_count, created_at, updated_at
        FROM files WHERE ref_count = 0 AND (
            status = 'DELETED'
            OR (status IN ('PENDING', 'REJECTED') AND created_at < $1)
            OR (status = 'READY' AND visibility <> 'PUBLIC' AND purpose = ANY ($3) AND updated_at < $2)
        )
        ORDER BY created_at LIMIT $4 FOR UPDATE SKIP LOCKED
        """
    )
    static let delete = Command<[UUID]>(
        "DELETE FROM files WHERE id = ANY ($1) AND status = 'DELETED' AND ref_count = 0"
    )

    static let all: [any CheckableStatement] = [
        insert, setReady, setRejected, lock, lockOwn, rename, setDeleted, lockUnwanted, delete,
    ]
}
