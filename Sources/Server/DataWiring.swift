import Credentials
import Data
import Glibc
import GraphQLEngine
import GraphQLTransport
import HTTPServer
import Jobs
import PostgresClient

extension Configuration {
    var events: EventFeed.Options {
        var options = EventFeed.Options()
        options.bufferedEvents = bufferedEvents
        return options
    }

    /// Keeps what is traced for those who ask for plans; nil where nobody may, which is everywhere but in development.
    var planDesk: PlanDesk? { purpose == .development && extensions.trace ? PlanDesk() : nil }

    /// Pools that report their statements to the requests that are traced.
    func traced(_ options: PoolOptions, _ desk: PlanDesk?) -> PoolOptions {
        guard extensions.trace || tracing != nil else { return options }
        var options = options
        options.observer = {
            let span = ActiveSpan.current
            guard let loading = LoadingContext.traced else { return span.map(Self.observer) }
            return StatementObserver(now: { loading.now }, recordsParameters: desk != nil) {
                name,
                outcome,
                start,
                recorded in
                let plan = recorded.flatMap { desk?.keep($0) }
                if case .rows(let rows) = outcome {
                    loading.report(statement: name, rows: rows, since: start, plan: plan)
                }
                let nanoseconds = UInt64(max(0, loading.now - start))
                span?.asked(statement: name, outcome, since: Tracer.clock() &- nanoseconds)
            }
        }
        return options
    }

    private static func observer(of span: ActiveSpan) -> StatementObserver {
        StatementObserver(now: { Int(Tracer.clock()) }) { name, outcome, start, _ in
            span.asked(statement: name, outcome, since: UInt64(start))
        }
    }
}

extension Database {
    /// Runs the jobs of the catalog, if this process shall.
    ///
    /// - Parameter report: hears of attempts that failed.
    func startJobs(
        _ configuration: Configuration,
        _ catalog: JobCatalog,
        report: @escaping @Sendable (JobFault) -> Void
    ) async {
        guard configuration.runsJobs else { return }
        let options = JobWorker.Options.application(
            jobs: max(1, configuration.concurrentJobs / configuration.loops),
            pushes: max(1, configuration.concurrentPushes / configuration.loops)
        )
        let name = Base64URL.encode(SecureRandom.bytes(12))
        await startJobs(name: "\(getpid())/\(name)", options, schedules: catalog.schedules) { job in
            do { try await catalog.run(job) } catch {
                report(JobFault(job, error))
                throw error
            }
        }
    }

    func addMetrics(to page: inout PrometheusText) async {
        let metrics = await metrics()
        page.gauge("atrium_database_connections", "Connections to the database.", metrics.connections)
        page.gauge("atrium_database_connections_idle", "Those that do nothing.", metrics.idle)
        page.gauge("atrium_database_waiting", "Requests that wait for a connection.", metrics.waiting)
        page.counter("atrium_database_statements_total", "Statements sent.", metrics.statements)
        page.counter("atrium_database_transactions_total", "Transactions begun.", metrics.transactions)
        page.counter("atrium_database_retries_total", "Transactions run again.", metrics.retries)
        page.counter("atrium_database_lost_total", "Connections that ended unasked.", metrics.connectionsLost)
        page.counter("atrium_database_refused_total", "Requests that got no connection.", metrics.refused)
        page.counter("atrium_events_delivered_total", "Events read for subscribers.", metrics.events.delivered)
        page.counter("atrium_events_overflows_total", "Subscribers that fell behind.", metrics.events.overflows)
        page.counter(
            "atrium_events_ahead_of_readers_total",
            "Events told before what goes with them was read.",
            metrics.events.aheadOfReaders
        )
        page.counter(
            "atrium_events_resynchronisations_total",
            "Subscribers whose place was unknown.",
            metrics.events.resynchronisations
        )
        page.counter("atrium_jobs_taken_total", "Jobs begun.", metrics.jobs.taken)
        page.counter(
            "atrium_jobs_finished_total",
            "Attempts by what came of them.",
            [("outcome=\"succeeded\"", metrics.jobs.succeeded), ("outcome=\"failed\"", metrics.jobs.failed)]
        )
        page.counter("atrium_jobs_died_total", "Jobs that failed for the last time.", metrics.jobs.died)
        page.counter("atrium_jobs_rescued_total", "Jobs of lost workers, taken back.", metrics.jobs.rescued)
        page.counter(
            "atrium_jobs_leases_lost_total",
            "Jobs that took longer than their lease.",
            metrics.jobs.leasesLost
        )
        page.counter("atrium_jobs_refused_total", "Outcomes that the database refused.", metrics.jobs.refused)
    }
}
