import Actions
import Data
import EventLoop
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
        let signals = try StopSignals()
        let log = configuration.log
        let outbound = OutboundClient(group, configuration.outbound)
        let errors = configuration.errors.map { ErrorReporter($0, outbound, on: group.loops[0]) }
        let faults = FaultReports(log: log, errors: errors)
        await database.startJobs(configuration, try catalog(database, outbound, log)) { faults.report($0) }
        Server.report(["doing jobs, \(configuration.concurrentJobs) at a time"])
        await signals.wait { [configuration] in
            await database.stopJobs(within: .seconds(configuration.jobDrainSeconds))
            await errors?.drain(within: .seconds(5), on: group)
            await group.stop()
        }
        log?.flush()
    }

    private func catalog(_ database: Database, _ outbound: OutboundClient, _ log: Log?) throws -> JobCatalog {
        let identity = try IdentityServices(configuration, database)
        let files = try FileServices(configuration, identity, outbound)
        return JobCatalog.application(
            database,
            identity: identity,
            files: files,
            mails: try MailServices.make(configuration, outbound, UnsubscribeLinks(files)).services,
            push: try PushServices.make(configuration, outbound),
            chat: configuration.chat
        ) { log?.write(.info, "audit log verified", [("lastSeal", .text($0))]) }
    }
}
