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
        let (scheduler, worker) = (self.scheduler, self.worker)
        self.scheduler = nil
        // From here on nobody else wakes it.
        self.worker = nil
        // Both at once: a database that does not answer is waited for by both, and not twice as long.
        let scheduling = pool.loop.startTask { await scheduler?.stop(within: grace) }
        await worker?.stop(within: grace)
        await scheduling.value
    }

    func close() {
        startedEvents?.close()
        pool.close()
    }
}
