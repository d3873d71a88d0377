package import PostgresClient

/// What the files of somebody take.
package struct StorageUsageRow: PostgresRow, Equatable {
    package let bytes: Int
    package let files: Int32
    /// Nil for the limit that holds for all.
    package let limitBytes: Int?

    package init(bytes: Int, files: Int32, limitBytes: Int?) {
        self.bytes = bytes
        self.files = files
        self.limitBytes = limitBytes
    }

    package init(from row: inout RowReader) throws {
        bytes = try row.next()
        files = try row.next()
        limitBytes = try row.next()
    }
}

extension StatementRunner {
    package func storageUsage(of user: UUID) async throws -> StorageUsageRow {
        try await first(StorageUsageStatements.usage, StorageUsageStatements.principal(user))
            ?? StorageUsageRow(bytes: 0, files: 0, limitBytes: nil)
    }
}

extension Transaction {
    /// Counts a file to those of its owner; false when that would be more than they may have. Others who count at the
    /// same time wait.
    package func reserveStorage(
        _ bytes: Int,
        for user: UUID,
        standardLimit: Int,
        fileLimit: Int32
    ) async throws -> Bool {
        let principal = StorageUsageStatements.principal(user)
        return try await execute(StorageUsageStatements.reserve, principal, bytes, standardLimit, fileLimit) == 1
    }

    /// Gives back what these files took, to whoever they belong.
    package func releaseStorage(of files: [FileRow]) async throws {
        let owned = files.filter { $0.ownerID != nil }
        guard !owned.isEmpty else { return }
        let principals = owned.compactMap(\.ownerID).map(StorageUsageStatements.principal)
        try await execute(StorageUsageStatements.release, principals, owned.map(\.byteSize))
    }
}

enum StorageUsageStatements {
    static func principal(_ user: UUID) -> String { "user:\(user)" }

    static let usage = Statement<StorageUsageRow, String>(
        "SELECT bytes, files, limit_bytes FROM storage_usage WHERE principal = $1"
    )
    static let reserve = Command<String, Int, Int, Int32>(
        """
        INSERT INTO storage_usage AS u (principal, bytes, files)
        SELECT $1, $2, 1 WHERE $2 <= $3 OR EXISTS (SELECT FROM storage_usage o WHERE o.principal = $1)
        ON CONFLICT (principal) DO UPDATE SET bytes = u.bytes + $2, files = u.files + 1
        WHERE u.bytes + $2 <= coalesce(u.limit_bytes, $3) AND u.files < $4
        """
    )
    // In the order of the principals, so that two transactions do not wait for each other.
    static let release = Command<[String], [Int]>(
        """
        UPDATE storage_usage u SET bytes = greatest(0, u.bytes - gone.bytes), files = greatest(0, u.files - gone.files)
        FROM (
            SELECT principal, sum(bytes)::bigint AS bytes, count(*)::int AS files
            FROM unnest($1, $2) AS f (principal, bytes) GROUP BY principal ORDER BY principal
        ) AS gone
        WHERE u.principal = gone.principal
        """
    )
    static let all: [any CheckableStatement] = [usage, reserve, release]
}
