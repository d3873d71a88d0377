import Actions
import Data
import EventLoop
import GraphQLEngine
import PostgresClient

extension Subscription {
    static func jobProgress(
        _ arguments: SubscriptionJobProgressArguments,
        in context: RequestContext
    ) async throws -> JobProgressEvents {
        try await JobProgressEvents(of: arguments.jobId.uuid, in: context)
    }
}

/// How far a job is, told whenever that has changed, until it has ended.
struct JobProgressEvents: AsyncSequence, AsyncIteratorProtocol {
    private let job: UUID?
    private let context: RequestContext
    private let principal: Principal
    private let watch: Watch
    private var told: JobRow?

    init(of job: UUID?, in context: RequestContext) async throws {
        self.job = job
        self.context = context
        principal = try await context.signedIn()
        watch = Watch(try context.databaseInUse().events.watch(job.map(Job.topic) ?? ""))
    }

    func makeAsyncIterator() -> JobProgressEvents { self }

    mutating func next() async throws -> JobProgress? {
        guard let job, told?.finishedAt == nil else { return nil }
        while await watch.watcher.wait() {
            let (services, _) = try context.identityServices()
            guard try await services.goesOn(principal) else { throw AccessRefusal.unauthenticated }
            guard let item = try await JobItem.visible([job], to: principal, in: context).first else { return nil }
            guard item.row.isNews(to: told) else { continue }
            told = item.row
            return JobProgress(
                job: item,
                status: item.status,
                percent: item.progressPercent,
                message: item.message
            )
        }
        return nil
    }
}

extension JobRow {
    fileprivate func isNews(to told: JobRow?) -> Bool {
        guard let told else { return true }
        return status != told.status || percent != told.percent || message != told.message
    }
}

/// Ends when nobody listens any more, however that comes about.
private final class Watch: Sendable {
    let watcher: FeedWatcher
    private let loop: EventLoop

    init(_ watcher: FeedWatcher) {
        self.watcher = watcher
        loop = watcher.loop
    }

    deinit { loop.execute { [watcher] in watcher.cancel() } }
}
