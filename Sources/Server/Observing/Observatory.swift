import Actions
import Data
import EventLoop
import GraphQLTransport
import HTTPServer
import PostgresClient
import Resolvers
import Synchronization

/// What is known of how the process is doing, for those who may ask and for Prometheus.
final class Observatory: Sendable {
    let operations = OperationStatistics()
    let watch = SystemWatch()
    let errorCodes = ErrorCodeCounts()
    private let database: Database
    private let limiter = Mutex<RequestLimiter?>(nil)
    private let startedAtSeconds = Double(WallClock.microseconds) / 1_000_000

    init(_ database: Database) { self.database = database }

    /// Whose refusals are told.
    func note(_ limiter: RequestLimiter?) { self.limiter.withLock { $0 = limiter } }

    /// For the fields of GraphQL.
    var figures: ServerFigures {
        ServerFigures(
            system: { [self] in await systemFigures() },
            operations: { [operations] range in
                operations.figures(range == .lastHour ? .lastHour : .sinceStart).map { one in
                    OperationFigures(
                        name: one.name,
                        kind: one.kind,
                        sha256: one.sha256,
                        durations: one.durations,
                        errors: one.errors,
                        refusals: one.refusals
                    )
                }
            },
            statements: { [database] in
                await database.statementStatistics().entries.map { one in
                    StatementFigures(name: one.name, durations: one.durations, rows: one.rows, errors: one.errors)
                }.sorted { ($0.total, $0.name) > ($1.total, $1.name) }
            }
        )
    }

    private func systemFigures() async -> SystemFigures {
        let (sample, rates) = await watch.now()
        let database = await database.metrics()
        let audit = AuditCounters.current
        var figures = SystemFigures()
        figures.uptime = watch.uptimeSeconds
        figures.residentBytes = sample.process.residentBytes
        figures.cpuPercent = rates.cpuPercent
        figures.loopPercent = rates.loopPercent
        figures.connections = sample.http.openConnections
        figures.sockets = sample.http.webSockets.open
        figures.subscriptions = sample.operations.openSubscriptions
        figures.poolConnections = (
            used: database.connections - database.idle, all: database.connections, waiting: database.waiting
        )
        figures.failedSignIns = audit.lazy.filter(\.key.isFailedSignIn).map(\.count).reduce(0, &+)
        figures.auditEntries = audit.map(\.count).reduce(0, &+)
        figures.limitViolations = UInt64(limiter.withLock { $0?.counts.refused } ?? 0)
        figures.jobs = (taken: database.jobs.taken, failed: database.jobs.failed)
        figures.errorRate = rates.errorRate
        figures.requestsPerSecond = rates.requestsPerSecond
        return figures
    }

    // MARK: Prometheus

    /// - Parameter detailed: whether each statement has a histogram of its own, by its name.
    func addMetrics(to page: inout PrometheusText, detailed: Bool) async {
        addProcess(to: &page)
        let counts = operations.counts
        page.gauge("atrium_graphql_operations_told", "Operations that operationMetrics tells apart.", counts.told)
        page.counter(
            "atrium_graphql_operations_untold_total",
            "Executions of operations for which there was no room among those.",
            counts.untold
        )
        errorCodes.addMetrics(to: &page)
        addAudit(to: &page)
        guard detailed else { return }
        let (statements, untold) = await database.statementStatistics()
        // Names are the program's own, such as Data/UserReads.swift:12.
        page.histogram(
            "atrium_database_statement_seconds",
            "Statements by their names, from sending them to their answers.",
            statements.map {
                ("statement=\"\($0.name.filter { $0 != "\"" && $0 != "\\" && $0 != "\n" })\"", $0.classes)
            }
        )
        page.counter("atrium_database_statements_untold_total", "Statements that have no name here.", untold)
    }

    /// As https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics has them.
    private func addProcess(to page: inout PrometheusText) {
        let process = ProcessFigures()
        page.counter("process_cpu_seconds_total", "CPU time of all threads.", seconds: process.cpuSeconds)
        page.gauge("process_resident_memory_bytes", "Memory held.", process.residentBytes)
        page.gauge("process_virtual_memory_bytes", "Memory addressed.", process.virtualBytes)
        page.gauge("process_open_fds", "Open descriptors.", process.openDescriptors)
        page.gauge("process_max_fds", "Descriptors that may be open.", process.maximumDescriptors)
        page.gauge("process_start_time_seconds", "When it began, since 1970.", seconds: startedAtSeconds)
    }

    private func addAudit(to page: inout PrometheusText) {
        let audit = AuditCounters.current
        page.counter(
            "atrium_audit_entries_total",
            "Entries for the audit log, by what was done and how it ended.",
            audit.map { entry in
                ("action=\"\(entry.key.action)\",outcome=\"\(entry.key.outcome.rawValue.lowercased())\"", entry.count)
            }
        )
        page.counter(
            "atrium_auth_failures_total",
            "Times that somebody could not show who they are.",
            audit.lazy.filter(\.key.isFailedSignIn).map(\.count).reduce(0, &+)
        )
    }
}
