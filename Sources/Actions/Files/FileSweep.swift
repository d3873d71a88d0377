internal import Data
internal import FileStore
internal import PostgresClient

/// Removes what nobody wants any more: deleted files, uploads that were never completed, and files that were meant to be
/// part of something and are not.
package struct FileSweep {
    private let services: FileServices

    package init(_ services: FileServices) { self.services = services }

    /// How many there were. Goes on where it was broken off: a file's row is there as long as its bytes are.
    @discardableResult
    package func run() async throws -> Int {
        let swept = try await Batches.run(of: 200) { try await sweep($0) }
        let age = Int(services.options.pendingSeconds)
        _ = try await services.storage.removeLeftovers(olderThan: age, limit: 10_000)
        return swept
    }

    /// Deletes files in three steps, none of which holds a row while the storage is asked: from the first on nobody can use
    /// them, and whatever breaks off in between is found again by the next sweep.
    private func sweep(_ limit: Int) async throws -> Int {
        let now = services.nowSeconds
        let pending = Timestamp(microseconds: (now - services.options.pendingSeconds) * 1_000_000)
        let unattached = Timestamp(microseconds: (now - services.options.unattachedSeconds) * 1_000_000)
        let purposes = FilePurpose.allCases.filter(\.isPartOfOthers).map(\.rawValue)
        let files = try await services.database.pool.transaction { transaction in
            let files = try await transaction.lockUnwantedFiles(
                notCompletedBy: pending,
                notAttachedBy: unattached,
                purposes: purposes,
                limit: limit
            )
            // Those that were deleted or rejected have given it back already.
            try await transaction.releaseStorage(of: files.filter { ["PENDING", "READY"].contains($0.status) })
            try await transaction.setDeleted(files.map(\.id))
            return files
        }
        guard !files.isEmpty else { return 0 }
        try await services.storage.remove(files.map(\.storageKey))
        try await services.database.pool.transaction { try await $0.deleteFiles(files.map(\.id)) }
        return files.count
    }
}
