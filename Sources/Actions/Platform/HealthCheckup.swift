package import Data
internal import EventLoop
package import FileStore
package import OutboundHTTP
internal import PostgresClient
internal import Synchronization

/// Looks how the server and what it stands on are: seldom enough that nobody who asks often makes work of it.
///
/// Who asks within a second hears what was found before, and who asks meanwhile waits for what is being found out.
package final class HealthCheckup: Sendable {
    package struct Options: Sendable {
        /// How long a dependency may take to answer; then it counts as away.
        package var limit = Duration.seconds(2)
        /// How long what was found is told.
        package var keptFor = Duration.seconds(1)
        /// How long jobs may have waited until that is amiss.
        package var jobSeconds = 60.0
        /// Bytes that should be free where files are.
        package var freeBytes = 512 << 20

        package init() {}
    }

    /// A server that the operator has named, and that is left alone while it fails.
    package struct Provider: Sendable {
        let name: String
        let url: String

        package init(_ name: String, _ url: String) {
            self.name = name
            self.url = url
        }
    }

    private let identity: IdentityServices
    private let storage: any FileStorage
    private let outbound: OutboundClient
    private let providers: [Provider]
    private let options: Options
    private let recent = Mutex(RecentReport())

    package init(
        _ identity: IdentityServices,
        _ storage: any FileStorage,
        _ outbound: OutboundClient,
        providers: [Provider] = [],
        _ options: Options = Options()
    ) {
        self.identity = identity
        self.storage = storage
        self.outbound = outbound
        self.providers = providers
        self.options = options
    }

    /// On a loop.
    package func report() async -> HealthReport {
        let now = EventLoop.monotonicTime()
        if let known = recent.withLock({ $0.report(at: now) }) { return known }
        guard let loop = EventLoop.current else { return await look() }
        return await withUnsafeContinuation { continuation in
            let isFirst = recent.withLock { recent in
                recent.waiting.append(continuation)
                return recent.waiting.count == 1
            }
            guard isFirst else { return }
            // In a task of its own: whoever asked first may be cancelled, and the others still want to know.
            loop.startTask { [self] in
                let report = await look()
                let end = EventLoop.monotonicTime() &+ options.keptFor.nanoseconds
                let waiting = recent.withLock { $0.settle(report, until: end) }
                for continuation in waiting { continuation.resume(returning: report) }
            }
        }
    }

    /// Whether changes can be made, without which nothing here is of use to anybody.
    package func canServe() async -> Bool {
        await report().checks.first { $0.name == "database" }?.status != .fail
    }

    private func look() async -> HealthReport {
        async let primary = database()
        async let replica = replica()
        async let jobs = jobs()
        async let files = files()
        let found = await [primary, replica, jobs, files].compactMap(\.self)
        return HealthReport(checks: found + providers.map(check), at: identity.clock())
    }

    // MARK: What is looked at

    private func database() async -> HealthReport.Check? {
        await timed("database", ifAway: .fail) { check in
            let health = try await self.identity.database.health(within: self.options.limit)
            guard health.isStandby else { return }
            (check.status, check.message) = (.fail, "takes no changes")
        }
    }

    /// While it is away the primary answers in its place.
    private func replica() async -> HealthReport.Check? {
        guard identity.database.hasReplica else { return nil }
        return await timed("database replica", ifAway: .warn) { check in
            let health = try await self.identity.database.health(ofReplica: true, within: self.options.limit)
            guard !health.isStandby else { return }
            (check.status, check.message) = (.warn, "the primary answers in its place")
        }
    }

    private func jobs() async -> HealthReport.Check? {
        await timed("jobs", ifAway: .fail) { check in
            let wait = try await self.identity.database.longestJobWait(within: self.options.limit)
            guard let wait, wait >= 1 else { return }
            check.message = "the oldest has waited for \(Int(wait)) s"
            if wait >= self.options.jobSeconds { check.status = .warn }
        }
    }

    private func files() async -> HealthReport.Check? {
        await timed("files", ifAway: .fail) { check in
            let free = try await self.storage.freeBytes()
            guard free < self.options.freeBytes else { return }
            (check.status, check.message) = (.warn, "little room is left")
        }
    }

    private func check(_ provider: Provider) -> HealthReport.Check {
        guard outbound.leavesAlone(provider.url) else { return HealthReport.Check(name: provider.name) }
        return HealthReport.Check(name: provider.name, status: .warn, message: "is left alone after failures")
    }

    private func timed(
        _ name: String,
        ifAway status: HealthReport.Status,
        _ body: (inout HealthReport.Check) async throws -> Void
    ) async -> HealthReport.Check {
        let start = EventLoop.monotonicTime()
        var check = HealthReport.Check(name: name)
        do { try await body(&check) } catch {
            // Errors may name hosts; whoever may read the log finds them there.
            (check.status, check.message) = (status, "cannot be reached")
        }
        check.milliseconds = Double((EventLoop.monotonicTime() &- start) / 1_000) / 1_000
        return check
    }
}

/// What was found last, and who waits for what is being found out.
private struct RecentReport {
    private var last: HealthReport?
    private var goodUntil: UInt64 = 0
    var waiting: [UnsafeContinuation<HealthReport, Never>] = []

    func report(at now: UInt64) -> HealthReport? { now < goodUntil ? last : nil }

    mutating func settle(_ report: HealthReport, until end: UInt64) -> [UnsafeContinuation<HealthReport, Never>] {
        (last, goodUntil) = (report, end)
        defer { waiting = [] }
        return waiting
    }
}
