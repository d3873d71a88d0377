internal import EventLoop
internal import PostgresClient

/// What one loop has of the database.
///
/// `@unchecked Sendable`: confined to its loop.
final class LoopDatabase: @unchecked Sendable {
    let pool: PostgresPool
    private let eventOptions: EventFeed.Options
    /// Nil until somebody asks for events: it has a connection of its own.
    private(set) var startedEvents: EventFeed?
    var worker: JobWorker?
    var scheduler: JobScheduler?

    init(_ pool: PostgresPool, _ eventOptions: EventFeed.Options) {
        self.pool = pool
        self.eventOptions = eventOptions
    }

    var events: EventFeed {
        if let startedEvents { return startedEvents }
        let feed = EventFeed(pool, eventOptions)
        startedEvents = feed
        return feed
    }

    func stopJobs(within grace: Duration) async {
        await scheduler?.stop()
        scheduler = nil
        // From here on nobody wakes it.
        let stopping = worker
        worker = nil
        await stopping?.stop(within: grace)
    }

    func close() {
        startedEvents?.close()
        pool.close()
    }
}
