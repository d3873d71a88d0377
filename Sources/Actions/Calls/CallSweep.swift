internal import Data
internal import PostgresClient

/// Ends calls that ring in vain, and those whose people are gone. May run anywhere, and as often as it likes.
package struct CallSweep {
    /// Those of live calls are kept as long as anybody may come back for them.
    private static let signalSeconds: Int64 = 600
    private let services: ChatServices
    private let batch: Int

    package init(_ services: ChatServices, batch: Int = 100) {
        self.services = services
        self.batch = batch
    }

    package func run() async throws {
        let now = services.identity.clock()
        // What is passed over, as a call that has ended meanwhile, stays overdue: each call is looked at once.
        var last = UUID.blank
        _ = try await Batches.run(of: batch) { limit in
            let overdue = try await services.database.pool.transaction { [last] in
                try await $0.overdueCalls(at: now, after: last, limit: limit)
            }
            for id in overdue {
                try await services.database.pool.transaction { transaction in
                    guard let call = try await transaction.lockCall(id) else { return }
                    let events = try await services.settleTold(call, in: transaction).events
                    try await transaction.append(events, waking: services.database.events)
                }
            }
            last = overdue.last ?? last
            return overdue.count
        }
        let old = Timestamp(microseconds: now.microseconds - Self.signalSeconds * 1_000_000)
        try await services.database.pool.transaction { try await $0.deleteSignals(before: old) }
    }
}
