internal import PostgresClient

/// What the loops of a process have done with the database, together.
package struct DatabaseMetrics: Sendable {
    package private(set) var connections = 0
    package private(set) var idle = 0
    package private(set) var waiting = 0
    package private(set) var statements: UInt64 = 0
    package private(set) var transactions: UInt64 = 0
    package private(set) var retries: UInt64 = 0
    package private(set) var connectionsLost: UInt64 = 0
    /// Requests for which the queue was full, too slow, or the database away.
    package private(set) var refused: UInt64 = 0
    package private(set) var events = EventFeed.Metrics()
    package private(set) var jobs = JobWorker.Metrics()

    mutating func add(_ pool: PoolMetrics) {
        connections += pool.connections
        idle += pool.idle
        waiting += pool.waiting
        statements &+= pool.statements.statements
        transactions &+= pool.transactions
        retries &+= pool.transactionRetries
        connectionsLost &+= pool.connectionsLost
        refused &+= pool.queueRefusals &+ pool.queueTimeouts &+ pool.breakerRefusals
    }

    mutating func add(_ feed: EventFeed.Metrics) {
        events.delivered &+= feed.delivered
        events.notifications &+= feed.notifications
        events.reads &+= feed.reads
        events.overflows &+= feed.overflows
        events.resynchronisations &+= feed.resynchronisations
        events.aheadOfReaders &+= feed.aheadOfReaders
    }

    mutating func add(_ worker: JobWorker.Metrics) {
        jobs.taken &+= worker.taken
        jobs.succeeded &+= worker.succeeded
        jobs.failed &+= worker.failed
        jobs.died &+= worker.died
        jobs.rescued &+= worker.rescued
        jobs.leasesLost &+= worker.leasesLost
        jobs.refused &+= worker.refused
    }
}
