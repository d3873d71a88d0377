internal import Data
internal import PostgresClient

/// Ends calls that ring in vain, and those whose people are gone. May run anywhere, and as often as it likes.
package struct CallSweep {
    private static let batch = 100
    /// Those of live calls are kept as long as anybody may come back for them.
    private static let signalSeconds: Int64 = 600
    private let services: ChatServices

    package init(_ services: ChatServices) { self.services = services }

    package func run() async throws {
        let now = services.identity.clock()
        while true {
            let overdue = try await services.database.pool.transaction {
                try await $0.overdueCalls(at: now, limit: Self.batch)
            }
            for id in overdue {
                try await services.database.pool.transaction { transaction in
                    guard let call = try await transaction.lockCall(id) else { return }
                    let events = try await services.settleTold(call, in: transaction).events
                    try await transaction.append(events, waking: services.database.events)
                }
            }
            if overdue.count < Self.batch { break }
        }
        let old = Timestamp(microseconds: now.microseconds - Self.signalSeconds * 1_000_000)
        try await services.database.pool.transaction { try await $0.deleteSignals(before: old) }
    }
}
