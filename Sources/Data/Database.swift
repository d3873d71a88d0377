package import EventLoop
package import PostgresClient

/// The database as every loop reaches it: by a pool of its own.
package final class Database: Sendable {
    private let pools: [PostgresPool]

    private init(_ pools: [PostgresPool]) { self.pools = pools }

    /// Brings the schema up to date, which tells at once whether the database can be used, and makes the pools.
    /// `migrated` hears what was done.
    package static func open(
        _ options: PoolOptions,
        on group: EventLoopGroup,
        migrated: @escaping @Sendable ([Migration]) -> Void = { _ in }
    ) async throws -> Database {
        try await group.loops[0].start {
            try await Migrator.with(options.primary, on: group.loops[0]) { migrated(try await $0.up()) }
        }
        var pools: [PostgresPool] = []
        for loop in group.loops { pools.append(try await loop.run { PostgresPool(options, on: loop) }) }
        return Database(pools)
    }

    /// The pool of the loop the caller runs on.
    package var pool: PostgresPool {
        guard let loop = EventLoop.current, loop.index < pools.count, pools[loop.index].loop === loop else {
            preconditionFailure("the database is reached from the loops it was opened on")
        }
        return pools[loop.index]
    }

    package var session: Session { pool.session() }

    /// Ends all connections.
    package func close() async {
        for pool in pools { try? await pool.loop.run { pool.close() } }
    }
}

extension EventLoop {
    /// Runs a task on the loop on behalf of one of elsewhere.
    package func start<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            execute {
                self.startTask {
                    do { continuation.resume(returning: try await operation()) } catch {
                        continuation.resume(throwing: error)
                    }
                }
            }
        }
    }
}
