internal import EventLoop

/// The connections to one server for one use, and those who wait for them.
///
/// `share` is how many may use a connection at once: one for transactions, many for reads. Whoever comes first is served
/// first; a connection that is given back goes to the first who waits.
///
/// `@unchecked Sendable`: confined to its loop.
final class ConnectionLanes: @unchecked Sendable {
    private struct Lane {
        let connection: PostgresConnection
        var users: Int
        let expires: UInt64
        var lastUse: UInt64
        /// When it was asked whether it still works, which is no use.
        var lastCheck: UInt64 = 0
        /// Closed because it is old or needless, and not lost.
        var isRetired = false
    }

    let loop: EventLoop
    let options: PoolOptions
    private let connectionOptions: ConnectionOptions
    private let statistics: StatementStatistics
    private let capacity: Int
    private let share: Int

    private var lanes: [Lane] = []
    private var connecting = 0
    private var waiting = WaitQueue()
    private var breaker: CircuitBreaker
    /// Why there was no connection the last time.
    private var lastFailure = "no reason given"
    private var tickets: UInt64 = 0
    private let heldUpAfter: UInt64
    private var random = SystemRandomNumberGenerator()
    private var isClosed = false
    /// What closed connections had done.
    private var past = ConnectionMetrics()
    private var counters = PoolMetrics()
    private var nextExpiry = UInt64.max
    private var isKept = false
    private lazy var expiry = loop.timer { [weak self] in self?.expireWaiters() }
    private lazy var retry = loop.timer { [weak self] in self?.connectAsNeeded() }
    private lazy var upkeep = loop.timer { [weak self] in self?.maintain() }

    init(
        _ connectionOptions: ConnectionOptions,
        _ options: PoolOptions,
        _ statistics: StatementStatistics,
        capacity: Int,
        share: Int,
        on loop: EventLoop
    ) {
        self.statistics = statistics
        self.connectionOptions = connectionOptions
        self.options = options
        self.capacity = capacity
        self.share = share
        self.loop = loop
        heldUpAfter = options.heldUpAfter.nanoseconds
        breaker = CircuitBreaker(
            threshold: options.breakerThreshold,
            first: options.firstBackOff.nanoseconds,
            longest: options.longestBackOff.nanoseconds
        )
    }

    // MARK: Taking and giving back

    /// A connection with room, at once. The first that answers has most of the reads, as those that go together cost
    /// least; one behind a slow statement is taken when there can be no other.
    func take() -> PostgresConnection? {
        guard waiting.isEmpty else { return nil }
        var best: Int?
        for index in lanes.indices where lanes[index].users < share {
            if share == 1 || !isAvoided(index) {
                best = index
                break
            }
            if let other = best, lanes[other].users <= lanes[index].users { continue }
            best = index
        }
        guard let best else { return nil }
        if share > 1, isAvoided(best), mayConnect { return nil }
        lanes[best].users += 1
        return lanes[best].connection
    }

    /// Whether new reads go elsewhere, if there is such a place: it is behind a slow statement, or old.
    private func isAvoided(_ index: Int) -> Bool {
        lanes[index].connection.isHeldUp(for: heldUpAfter) || loop.now >= lanes[index].expires
    }

    private var mayConnect: Bool { lanes.count + connecting < capacity && breaker.state == .closed(failures: 0) }

    /// A connection when there is one, at the latest by `deadline`.
    func wait(until deadline: UInt64) async throws -> PostgresConnection {
        if isClosed { throw PostgresError.closed }
        if lanes.isEmpty, let until = breaker.refusal(now: loop.now) {
            counters.breakerRefusals &+= 1
            throw unavailable(until)
        }
        guard waiting.count < options.queueLimit else {
            counters.queueRefusals &+= 1
            throw PostgresError.queueFull
        }
        tickets += 1
        let ticket = tickets
        counters.waits &+= 1
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                waiting.append(WaitQueue.Waiter(ticket: ticket, deadline: deadline, continuation: continuation))
                watchDeadline(deadline)
                connectAsNeeded()
            }
        } onCancel: {
            loop.execute { self.leave(ticket) }
        }
    }

    func give(_ connection: PostgresConnection) {
        guard let index = lanes.firstIndex(where: { $0.connection === connection }) else { return }
        lanes[index].lastUse = loop.now
        leave(index)
    }

    private func leave(_ index: Int) {
        lanes[index].users -= 1
        let connection = lanes[index].connection
        if loop.now >= lanes[index].expires, lanes[index].users == 0 { return retire(connection) }
        serve(index)
    }

    private func retire(_ connection: PostgresConnection) {
        guard let index = lanes.firstIndex(where: { $0.connection === connection }) else { return }
        lanes[index].isRetired = true
        connection.close()
    }

    private func leave(_ ticket: UInt64) {
        waiting.remove(ticket: ticket)?.continuation.resume(throwing: CancellationError())
    }

    private func serve(_ index: Int) {
        while lanes[index].users < share, let waiter = waiting.removeFirst() {
            lanes[index].users += 1
            waiter.continuation.resume(returning: lanes[index].connection)
        }
    }

    private func watchDeadline(_ deadline: UInt64) {
        guard deadline < nextExpiry else { return }
        nextExpiry = deadline
        expiry.set(at: deadline)
    }

    private func expireWaiters() {
        nextExpiry = .max
        let (expired, next) = waiting.removeExpired(at: loop.now)
        for waiter in expired {
            counters.queueTimeouts &+= 1
            waiter.continuation.resume(throwing: PostgresError.queueTimeout)
        }
        if let next { watchDeadline(next) }
    }

    // MARK: Connecting

    /// Opens connections for those who wait, within the capacity and as the breaker lets.
    private func connectAsNeeded() {
        let needed = (waiting.count + share - 1) / share
        while !isClosed, connecting < needed, lanes.count + connecting < capacity {
            // After a failure one attempt finds out for all.
            if connecting > 0, breaker.state != .closed(failures: 0) { return }
            switch breaker.ask(now: loop.now) {
            case .attempt: connect()
            case .wait(let until), .refuse(let until):
                if until > loop.now { retry.set(at: until) }
                return
            }
        }
    }

    private func connect() {
        connecting += 1
        let failures = counters.connectFailures
        loop.startTask { [self] in
            do {
                let connection = try await PostgresConnection.connect(connectionOptions, on: loop)
                connecting -= 1
                connected(connection)
            } catch {
                connecting -= 1
                connectFailed(error, isNews: counters.connectFailures == failures)
            }
        }
    }

    private func connected(_ connection: PostgresConnection) {
        counters.connects &+= 1
        breaker.succeeded()
        guard !isClosed else { return connection.close() }
        let life = options.maximumLifetime.nanoseconds
        let expires = loop.now.addingReportingOverflow(UInt64.random(in: life / 10 * 9...life, using: &random))
        lanes.append(
            Lane(
                connection: connection,
                users: 0,
                expires: expires.overflow ? .max : expires.partialValue,
                lastUse: loop.now
            )
        )
        connection.statistics = statistics
        connection.onClose = { [weak self, unowned connection] in self?.lost(connection) }
        if !isKept { upkeep.set(after: options.healthCheckInterval.nanoseconds / 2) }
        isKept = true
        serve(lanes.count - 1)
        connectAsNeeded()
    }

    /// - Parameter isNews: whether no other attempt has failed since it began: those of one moment fail for one reason.
    private func connectFailed(_ error: any Error, isNews: Bool) {
        counters.connectFailures &+= 1
        if case .cannotConnect(let reason) = error as? PostgresError { lastFailure = reason }
        if isNews { breaker.failed(now: loop.now, random: &random) }
        if let until = breaker.refusal(now: loop.now) {
            if isNews { counters.breakerOpenings &+= 1 }
            // Those who can still be served by an open connection go on waiting.
            while lanes.isEmpty, let waiter = waiting.removeFirst() {
                counters.breakerRefusals &+= 1
                waiter.continuation.resume(throwing: unavailable(until))
            }
        }
        // Who would have had a connection without a slow statement takes one with it.
        for index in lanes.indices { serve(index) }
        connectAsNeeded()
    }

    private func unavailable(_ until: UInt64) -> PostgresError {
        .unavailable(retryAfterSeconds: seconds(until: until), reason: lastFailure)
    }

    private func lost(_ connection: PostgresConnection) {
        guard let index = lanes.firstIndex(where: { $0.connection === connection }) else { return }
        past += connection.metrics
        let isLost = !lanes.remove(at: index).isRetired
        if !isClosed, isLost { counters.connectionsLost &+= 1 }
        connectAsNeeded()
    }

    private func seconds(until time: UInt64) -> Int { Int((time - min(time, loop.now)) / 1_000_000_000) + 1 }

    // MARK: Upkeep

    /// Replaces old connections, closes needless ones, and asks quiet ones whether they still work.
    private func maintain() {
        var kept = 0
        for lane in lanes where lane.users == 0 {
            let quiet = loop.now - min(loop.now, lane.lastUse)
            let isNeedless = kept > 0 && quiet > options.idleTimeout.nanoseconds
            if isNeedless || loop.now >= lane.expires {
                retire(lane.connection)
            } else {
                kept += 1
                let unheard = loop.now - min(loop.now, max(lane.lastUse, lane.lastCheck))
                if unheard >= options.healthCheckInterval.nanoseconds { check(lane.connection) }
            }
        }
        isKept = !lanes.isEmpty
        if isKept { upkeep.set(after: options.healthCheckInterval.nanoseconds / 2) }
    }

    /// One that does not answer in time is closed by its own deadline.
    private func check(_ connection: PostgresConnection) {
        guard let index = lanes.firstIndex(where: { $0.connection === connection }) else { return }
        lanes[index].users += 1
        lanes[index].lastCheck = loop.now
        loop.startTask { [self] in
            let (limit, overflow) = loop.now.addingReportingOverflow(options.primary.connectTimeout.nanoseconds)
            let deadline = overflow ? .max : limit
            do {
                _ = try await connection.run(TransactionControl.ping, isOwn: true, deadline: deadline) { _ in }
            } catch { connection.giveUp() }
            if let index = lanes.firstIndex(where: { $0.connection === connection }) { leave(index) }
        }
    }

    func close() {
        isClosed = true
        expiry.cancel()
        retry.cancel()
        upkeep.cancel()
        while let waiter = waiting.removeFirst() { waiter.continuation.resume(throwing: PostgresError.closed) }
        for lane in lanes { lane.connection.close() }
    }

    var metrics: PoolMetrics {
        var metrics = counters
        metrics.connections = lanes.count
        metrics.idle = lanes.count { $0.users == 0 }
        metrics.waiting = waiting.count
        metrics.statements = lanes.reduce(into: past) { $0 += $1.connection.metrics }
        return metrics
    }
}
