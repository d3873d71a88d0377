import Actions
import Data
import EventLoop
import Glibc
import GraphQLEngine
import GraphQLTransport
import HTTPServer
import Jobs
import OutboundHTTP
import PostgresClient
import Resolvers

/// Serves the application's schema until SIGTERM or SIGINT; a second one ends it at once.
@main struct Server {
    static let version = "0.1.0"

    static func main() async throws {
        let configuration: Configuration
        do throws(Configuration.Fault) { configuration = try Configuration(environment) } catch {
            report(error.problems.map { "error: \($0)" })
            exit(2)
        }
        do {
            let arguments = CommandLine.arguments.dropFirst()
            switch arguments.first {
            case nil: try await serve(configuration)
            case "audit": try await AuditCommand(arguments.dropFirst(), configuration).run()
            case "config": try ConfigCommand(arguments.dropFirst(), configuration).run()
            case "jobs": try await JobsCommand(arguments.dropFirst(), configuration).run()
            case "keys": try await KeysCommand(arguments.dropFirst(), configuration).run()
            case "migrate": try await MigrateCommand(arguments.dropFirst(), configuration).run()
            case "seed": try await SeedCommand(arguments.dropFirst(), configuration).run()
            case "user": try await UserCommand(arguments.dropFirst(), configuration).run()
            case "work": try await WorkCommand(arguments.dropFirst(), configuration).run()
            default:
                throw UsageError(
                    text: """
                        usage: Server [work | config check | config list | migrate up | migrate status | migrate create NAME \
                        | seed --sample | user create-admin EMAIL --name NAME [--username NAME] \
                        | audit verify [--seal SEAL] | keys rotate | jobs list | jobs retry ID]
                        """
                )
            }
        } catch {
            report(["error: \(error)"])
            exit(error is UsageError ? 2 : 1)
        }
    }

    private static func serve(_ configuration: Configuration) async throws {
        report(configuration.warnings.map { "warning: \($0)" })
        let place = try DatabasePlace(configuration)
        defer { place.stop() }
        HeapMemory.keepFreed()
        DescriptorLimit.raise()
        var loops = configuration.serving.loops
        let proxies = configuration.limits.trustedProxies
        loops.isShared = { peer in
            InternetAddress(peer.octets).map { address in proxies.contains(where: address.isIn) } ?? false
        }
        let group = try EventLoopGroup(count: configuration.loops, configuration: loops)
        let cursors = CursorSigner(secret: try SigningSecret.of(configuration))
        let plans = configuration.planDesk
        let database = try await Database.open(
            configuration.traced(place.options, plans),
            on: group,
            cursors: cursors,
            events: configuration.events
        ) { applied in
            report(applied.map { "migration \($0.version) \($0.name) applied" })
        }
        let log = configuration.log
        var identity = try IdentityServices(configuration, database)
        if let log { identity.suspects = { log.warn(of: $0) } }
        let outbound = OutboundClient(group, configuration.outbound)
        let errors = configuration.errors.map { ErrorReporter($0, outbound, on: group.loops[0]) }
        let faults = FaultReports(log: log, errors: errors)
        let files = try FileServices(configuration, identity, outbound)
        let oauth = OAuthServices(configuration, identity, outbound) { faults.report(UnusableProvider($0, $1)) }
        let (mails, mailFolder) = try MailServices.make(configuration, outbound, UnsubscribeLinks(files))
        let hasSample = try await hasSample(configuration, identity, group)
        let push = try PushServices.make(configuration, outbound)
        let introspects = configuration.serving.allowsIntrospection
        let observatory = Observatory(database)
        let traces = configuration.tracing.map { TraceExporter($0, outbound, on: group.loops[0]) }
        let checkup = HealthCheckup(identity, files.storage, outbound, providers: configuration.providers)
        let application = Application(
            database: database,
            identity: identity,
            files: files,
            oauth: oauth,
            outbound: outbound,
            push: push,
            facts: ServerFacts(
                version: version,
                allowsIntrospection: introspects,
                checkup: checkup,
                figures: observatory.figures
            ) {
                Double(WallClock.microseconds / 1_000) / 1_000
            },
            observatory: observatory,
            errors: errors,
            traces: traces,
            tellsStatements: configuration.metrics == .all,
            chat: configuration.chat,
            limits: configuration.limits,
            origins: configuration.serving.origins,
            cookies: configuration.serving.cookies,
            showsFaults: configuration.purpose == .development,
            report: { faults.report($0) }
        )
        var router = HTTPRouter()
        application.addRoutes(to: &router)
        var graphQL = configuration.graphQL(hasSample: hasSample)
        application.apply(to: &graphQL)
        graphQL.log = log
        if let plans { graphQL.playground?.plan = { try await plans.plan($0, in: database) } }
        if configuration.purpose == .development, let mailFolder {
            MailRoutes(mailFolder) { faults.report($0) }.add(to: &router)
            graphQL.playground?.mails = MailRoutes.path
        }
        var engine = EngineOptions()
        configuration.serving.apply(to: &engine)
        engine.extensions = configuration.extensions
        let handler = GraphQLHandler(try application.engine(engine), graphQL, others: router)
        let server = HTTPServer(
            group: group,
            configuration: http(configuration, log, traces?.tracer),
            handler: handler
        )
        observatory.watch.watch(handler, server)
        let tls = try configuration.serving.certificate.map {
            try TLSContext(certificateFile: $0.chain, keyFile: $0.key)
        }
        let address = try server.listen(on: configuration.serving.address, tls: tls)
        let signals = try StopSignals(reloads: tls != nil)
        if configuration.offersSample, hasSample { report(SeedCommand.signIns) }
        report(["GraphQL is served at http\(tls == nil ? "" : "s")://\(address)/graphql"])
        let jobs = JobCatalog.application(
            database,
            identity: identity,
            files: files,
            mails: mails,
            push: push,
            chat: configuration.chat
        ) {
            log?.write(.info, "audit log verified", [("lastSeal", .text($0))])
        }
        await database.startJobs(configuration, jobs) { faults.report($0) }
        await signals.wait(reload: { reload(tls) }) {
            handler.configuration.readiness.end()
            async let jobs: Void = database.stopJobs(within: .seconds(configuration.jobDrainSeconds))
            try? await Task.sleep(for: .seconds(configuration.drainDelaySeconds))
            await group.finishStreams(within: .seconds(configuration.drainSeconds))
            await jobs
            async let toldErrors: Void? = errors?.drain(within: .seconds(5), on: group)
            async let toldTraces: Void? = traces?.drain(within: .seconds(5), on: group)
            _ = await (toldErrors, toldTraces)
            await group.stop()
        }
        log?.flush()
    }

    /// Whether the sample world is there: because it was before, or now that it is wanted and nobody else is there.
    private static func hasSample(
        _ configuration: Configuration,
        _ identity: IdentityServices,
        _ group: EventLoopGroup
    ) async throws -> Bool {
        guard !configuration.purpose.isServing else { return false }
        let seeding = SampleSeeding(identity)
        return try await group.loops[0].start {
            configuration.offersSample ? try await seeding.runUnlessOthersAreThere() : try await seeding.isThere()
        }
    }

    private static func http(
        _ configuration: Configuration,
        _ log: Log?,
        _ tracer: Tracer?
    ) -> HTTPServerConfiguration {
        let proxies = configuration.limits.trustedProxies
        var http = HTTPServerConfiguration()
        http.identifiesRequests = true
        http.measuresDurations = true
        http.idleTimeout = .seconds(configuration.serving.idleSeconds)
        if let log, proxies.isEmpty { http.accessLog = { log.access($0) } }
        if let log, !proxies.isEmpty {
            http.accessLog = { record in
                log.access(record, client: record.request.flatMap { ClientAddress.of($0, trusting: proxies)?.text })
            }
        }
        guard let tracer else { return http }
        let access = http.accessLog
        http.accessLog = { record in
            access?(record)
            tracer.finish(record)
        }
        return http
    }

    private static func reload(_ tls: TLSContext?) {
        do {
            try tls?.reload()
            report(["the certificate was read anew"])
        } catch {
            report(["error: the certificate stays as it was: \(error)"])
        }
    }

    private static var environment: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }

    static func report(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        let text = lines.joined(separator: "\n") + "\n"
        _ = text.withCString { write(2, $0, strlen($0)) }
    }
}
