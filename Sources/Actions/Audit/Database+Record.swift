import Data
import EventLoop
import PostgresClient

extension Database {
    /// Writes an entry also where whoever asked has gone: what was done is in the log though its task is cancelled.
    func recordAnyway(_ entry: NewAuditEntry) async throws {
        guard let loop = EventLoop.current else { return try await record(entry) }
        let writing = loop.startTask { [self] () async -> Result<Void, any Error> in
            do { return .success(try await record(entry)) } catch { return .failure(error) }
        }
        try await writing.value.get()
    }

    private func record(_ entry: NewAuditEntry) async throws {
        try await pool.transaction { try await $0.record(entry) }
    }
}
