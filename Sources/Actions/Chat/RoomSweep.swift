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
        var (last, failure): (DeletedRoom?, (any Error)?) = (nil, nil)
        // One that cannot be emptied holds up none behind it.
        while let room = try await services.database.session.deletedRoom(before: before, after: last) {
            last = room
            do { try await empty(room.id, by: size) } catch {
                // Nothing is wrong with the room when the work is to end.
                try Task.checkCancellation()
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private func empty(_ room: UUID, by limit: Int) async throws {
        var hasMore = true
        while hasMore {
            hasMore = try await services.database.pool.transaction { try await $0.emptyDeletedRoom(room, limit: limit) }
            try Task.checkCancellation()
        }
    }
}
