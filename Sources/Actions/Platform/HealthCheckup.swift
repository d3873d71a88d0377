internal import Data
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
    private let reports = SharedLook<HealthReport>()
    private let databaseChecks = SharedLook<HealthReport.Check?>()
    /// Whether the file system has yet to answer what it was asked before.
    private let asksFiles = Atomic(false)

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
        await reports.value(keptFor: options.keptFor) { [self] in await look() }
    }

    /// Whether changes can be made, without which nothing here is of use to anybody: nothing else is looked at. On a loop.
    package func canServe() async -> Bool {
        await databaseChecks.value(keptFor: options.keptFor) { [self] in await database() }?.status != .fail
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

    /// What is amiss with something that has answered.
    private typealias Finding = (status: HealthReport.Status, message: String)

    /// A little less than the limit, so that the pool itself says what has kept it.
    private var databaseLimit: Duration { options.limit * 9 / 10 }

    private func database() async -> HealthReport.Check? {
        await timed("database", ifAway: .fail) { [self] in
            let health = try await identity.database.health(within: databaseLimit)
            return health.isStandby ? (.fail, "takes no changes") : nil
        }
    }

    /// While it is away the primary answers in its place.
    private func replica() async -> HealthReport.Check? {
        guard identity.database.hasReplica else { return nil }
        return await timed("database replica", ifAway: .warn) { [self] in
            let health = try await identity.database.health(ofReplica: true, within: databaseLimit)
            return health.isStandby ? nil : (.warn, "the primary answers in its place")
        }
    }

    private func jobs() async -> HealthReport.Check? {
        await timed("jobs", ifAway: .fail) { [self] in
            let wait = try await identity.database.longestJobWait(within: databaseLimit)
            guard let wait, wait >= 1 else { return nil }
            return (wait >= options.jobSeconds ? .warn : .pass, "the oldest has waited for \(Int(wait)) s")
        }
    }

    /// A file system that hangs keeps the thread that has asked it: it is asked again once it has answered.
    private func files() async -> HealthReport.Check? {
        await timed("files", ifAway: .fail) { [self] in
            guard !asksFiles.exchange(true, ordering: .relaxed) else { throw StillAsked() }
            defer { asksFiles.store(false, ordering: .relaxed) }
            let free = try await storage.freeBytes()
            return free < options.freeBytes ? (.warn, "little room is left") : nil
        }
    }

    private struct StillAsked: Error {}

    private func check(_ provider: Provider) -> HealthReport.Check {
        guard outbound.leavesAlone(provider.url) else { return HealthReport.Check(name: provider.name) }
        return HealthReport.Check(name: provider.name, status: .warn, message: "is left alone after failures")
    }

    /// - Parameter body: nil where all is well.
    private func timed(
        _ name: String,
        ifAway status: HealthReport.Status,
        _ body: @escaping @Sendable () async throws -> Finding?
    ) async -> HealthReport.Check {
        let start = EventLoop.monotonicTime()
        var check = HealthReport.Check(name: name)
        do {
            // Of tasks of a loop, as this is.
            let answer = try await EventLoop.current?.within(options.limit) { try await Answer(finding: body()) }
            if let finding = answer?.finding {
                (check.status, check.message) = (finding.status, finding.message)
            } else if answer == nil {
                (check.status, check.message) = (status, "does not answer")
            }
        } catch let error where Self.isBusy(error) {
            // It works, and has too much to do: to send nobody here any more would make it no better elsewhere.
            (check.status, check.message) = (.warn, "is busy")
        } catch {
            // Errors may name hosts; whoever may read the log finds them there.
            (check.status, check.message) = (status, "cannot be reached")
        }
        check.milliseconds = Double((EventLoop.monotonicTime() &- start) / 1_000) / 1_000
        return check
    }

    private struct Answer: Sendable {
        let finding: Finding?
    }

    private static func isBusy(_ error: any Error) -> Bool {
        switch error {
        case PostgresError.queueFull, PostgresError.queueTimeout, PostgresError.deadlineExceeded,
            BlockingPool.Refusal.queueFull:
            true
        default: false
        }
    }
}

/// Something that is looked at for all who ask meanwhile, and remembered for a moment.
private final class SharedLook<Value: Sendable>: Sendable {
    private struct State {
        var last: Value?
        var goodUntil: UInt64 = 0
        var waiting: [UnsafeContinuation<Value, Never>] = []
    }

    private let state = Mutex(State())

    func value(keptFor: Duration, _ look: @escaping @Sendable () async -> Value) async -> Value {
        let now = EventLoop.monotonicTime()
        if let known = state.withLock({ now < $0.goodUntil ? $0.last : nil }) { return known }
        guard let loop = EventLoop.current else { return await look() }
        return await withUnsafeContinuation { continuation in
            let isFirst = state.withLock { state in
                state.waiting.append(continuation)
                return state.waiting.count == 1
            }
            guard isFirst else { return }
            // In a task of its own: whoever asked first may be cancelled, and the others still want to know.
            loop.startTask { [self] in
                let value = await look()
                let end = EventLoop.monotonicTime() &+ keptFor.nanoseconds
                let waiting = state.withLock { state in
                    defer { state.waiting = [] }
                    (state.last, state.goodUntil) = (value, end)
                    return state.waiting
                }
                for continuation in waiting { continuation.resume(returning: value) }
            }
        }
    }
}
