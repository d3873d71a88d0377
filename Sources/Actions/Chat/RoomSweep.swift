internal import Data
internal import PostgresClient

/// Removes what was said in rooms that were deleted, so many messages in a transaction. May run anywhere, and as often as it
/// likes.
package struct RoomSweep {
    package static let job = "chat.deleted"
    /// How long a room is left alone: whoever listened there has been told by then.
    private static let keptSeconds: Int64 = 60
    private let services: IdentityServices
    private let stepSize: Int

    package init(_ services: IdentityServices, stepSize: Int = 500) {
        self.services = services
        self.stepSize = stepSize
    }

    /// For rooms that are deleted now.
    static func task(_ services: IdentityServices) -> NewJob {
        var job = NewJob(job)
        job.runAt = services.time(afterSeconds: keptSeconds + 1)
        return job
    }

    package func run() async throws {
        let (size, now) = (stepSize, services.clock().microseconds)
        let before = Timestamp(microseconds: now - Self.keptSeconds * 1_000_000)
        while try await empties(before, size) { try Task.checkCancellation() }
    }

    private func empties(_ time: Timestamp, _ limit: Int) async throws -> Bool {
        try await services.database.pool.transaction {
            try await $0.emptyDeletedRoom(deletedBefore: time, limit: limit)
        }
    }
}
