import Actions
import Data
import EventLoop
import Glibc
import HTTPServer
import Jobs
import OutboundHTTP

/// `Server work`: does jobs and keeps their schedules without serving anybody, until SIGTERM or SIGINT; a second one ends it
/// at once. Any number of these may run beside servers, which then need not do jobs themselves (`ATRIUM_JOBS=off`).
struct WorkCommand {
    private let arguments: [String]
    private let configuration: Configuration

    init(_ arguments: some Sequence<String>, _ configuration: Configuration) {
        self.arguments = Array(arguments)
        var configuration = configuration
        configuration.runsJobs = true
        self.configuration = configuration
    }

    func run() async throws {
        guard arguments.isEmpty else { throw UsageError(text: "usage: Server work") }
        let place = try DatabasePlace(configuration)
        defer { place.stop() }
        HeapMemory.keepFreed()
        DescriptorLimit.raise()
        let group = try EventLoopGroup(count: configuration.loops, configuration: configuration.serving.loops)
        let database = try await Database.open(
            place.options,
            on: group,
            cursors: CursorSigner(secret: try SigningSecret.of(configuration)),
            events: configuration.events
        ) { applied in
            Server.report(applied.map { "migration \($0.version) \($0.name) applied" })
        }
        let (requests, source) = AsyncStream.makeStream(of: ProcessSignals.Request.self)
        let signals = try ProcessSignals { source.yield($0) }
        let log = configuration.logs ? Log(form: configuration.logForm) : nil
        await database.startJobs(configuration, try catalog(database, group), log)
        Server.report(["doing jobs, \(configuration.concurrentJobs) at a time"])
        await untilStopped(requests, source, group, database)
        signals.cancel()
        log?.flush()
    }

    private func catalog(_ database: Database, _ group: EventLoopGroup) throws -> JobCatalog {
        let identity = try IdentityServices(configuration, database)
        let outbound = OutboundClient(group, configuration.outbound)
        return JobCatalog.application(
            database,
            identity: identity,
            files: try FileServices(configuration, identity, outbound),
            mails: try MailServices.make(configuration, outbound).services,
            push: try PushServices.make(configuration, outbound)
        )
    }

    private func untilStopped(
        _ requests: AsyncStream<ProcessSignals.Request>,
        _ source: AsyncStream<ProcessSignals.Request>.Continuation,
        _ group: EventLoopGroup,
        _ database: Database
    ) async {
        await withTaskGroup(of: Void.self) { tasks in
            for await request in requests {
                switch request {
                case .reload: break
                case .drain:
                    tasks.addTask {
                        await database.stopJobs(within: .seconds(configuration.jobDrainSeconds))
                        await group.stop()
                        source.finish()
                    }
                case .stopNow: exit(1)
                }
            }
        }
    }
}
