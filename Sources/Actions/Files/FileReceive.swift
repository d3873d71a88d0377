internal import Credentials
internal import Data
internal import EventLoop
internal import FileStore
internal import PostgresClient
internal import Synchronization

/// Takes the bytes of a staged upload as they come.
package final class FileReceive: Sendable {
    package enum Failure: Error, Sendable, Equatable {
        /// Not signed by us, or changed since.
        case forged
        case expired
        /// There is no upload that waits for these bytes.
        case notWaiting
        /// More or fewer than were announced.
        case wrongSize
        /// Too many at a time.
        case busy
    }

    private let services: FileServices
    /// How many are written at a time, by owner.
    private let running = Mutex<[UUID: Int]>([:])

    package init(_ services: FileServices) { self.services = services }

    /// - Parameters:
    ///   - target: path and query of the request.
    ///   - size: how many bytes it announces.
    ///   - next: the next bytes; nil at their end.
    package func run(
        _ target: String,
        size: Int,
        next: () async throws -> [UInt8]?
    ) async throws -> Result<Void, Failure> {
        switch services.links.check("PUT", target, atSeconds: services.nowSeconds) {
        case .forged: return .failure(.forged)
        case .expired: return .failure(.expired)
        case .good: break
        }
        let id = target.dropFirst("/uploads/".count).prefix { $0 != "?" }
        guard let id = GlobalID.uuid("file", String(id)),
            let row = try await services.database.session.pendingFile(id)
        else { return .failure(.notWaiting) }
        guard row.byteSize == size else { return .failure(.wrongSize) }
        guard let owner = row.ownerID, enter(owner) else { return .failure(.busy) }
        defer { leave(owner) }
        return try await write(row, next)
    }

    /// Nobody takes all places, however slowly their bytes come.
    private func enter(_ owner: UUID) -> Bool {
        let options = services.options
        return running.withLock { running in
            guard running.values.reduce(0, +) < options.concurrentUploads,
                running[owner, default: 0] < options.concurrentUploadsPerUser
            else { return false }
            running[owner, default: 0] += 1
            return true
        }
    }

    private func leave(_ owner: UUID) {
        running.withLock { running in
            let left = running[owner, default: 1] - 1
            running[owner] = left > 0 ? left : nil
        }
    }

    private func write(_ row: FileRow, _ next: () async throws -> [UInt8]?) async throws -> Result<Void, Failure> {
        let storage = services.storage
        let file = try await storage.newFile()
        var written = 0
        while let bytes = try await next() {
            written += bytes.count
            guard written <= row.byteSize else { return .failure(.wrongSize) }
            try await storage.pool.run { try file.write(bytes) }
        }
        guard written == row.byteSize else { return .failure(.wrongSize) }
        try await storage.leave(file, as: row.id.description)
        return .success(())
    }
}
