public import EventLoop

/// The way of one loop to its database: shared connections for reads, own ones for transactions.
///
/// `@unchecked Sendable`: confined to its loop.
public final class PostgresPool: @unchecked Sendable {
    public let loop: EventLoop
    public let options: PoolOptions
    private let reads: ConnectionLanes
    private let replica: ConnectionLanes?
    private let transactions: ConnectionLanes
    private let statementNanoseconds: UInt64
    private var counters = PoolMetrics()
    /// What the statements of all its connections took.
    public let statistics: StatementStatistics
    /// What asks for the plans of statements, by them.
    var explanations: [Int: StatementText] = [:]

    /// Connects when it is first used.
    public init(_ options: PoolOptions, on loop: EventLoop) {
        loop.assertOnLoop()
        self.loop = loop
        self.options = options
        let statistics = StatementStatistics(limit: options.measuredStatements)
        self.statistics = statistics
        // What is added to the time must not run over.
        statementNanoseconds = min(options.statementDeadline.nanoseconds, .max / 4)
        func readLanes(_ connection: ConnectionOptions) -> ConnectionLanes {
            var connection = connection
            connection.isReadOnly = true
            let capacity = options.readConnections
            let share = options.readsPerConnection
            return ConnectionLanes(connection, options, statistics, capacity: capacity, share: share, on: loop)
        }
        reads = readLanes(options.primary)
        replica = options.replica.map(readLanes)
        transactions = ConnectionLanes(
            options.primary,
            options,
            statistics,
            capacity: options.transactionConnections,
            share: 1,
            on: loop
        )
    }

    /// Reads that must be done in time; `mayBeOld` lets a replica answer them.
    public func session(within limit: Duration? = nil, mayBeOld: Bool = false) -> Session {
        Session(self, deadline: limit.map { deadline(in: $0) } ?? .max, mayBeOld: mayBeOld)
    }

    /// Ends all connections; whoever waits hears so.
    public func close() {
        loop.assertOnLoop()
        reads.close()
        replica?.close()
        transactions.close()
    }

    public var readMetrics: PoolMetrics { reads.metrics }
    public var replicaMetrics: PoolMetrics? { replica?.metrics }
    public var transactionMetrics: PoolMetrics {
        var metrics = transactions.metrics
        metrics.transactions = counters.transactions
        metrics.transactionRetries = counters.transactionRetries
        metrics.commitsUnknown = counters.commitsUnknown
        return metrics
    }

    // MARK: Reads

    func read(
        _ text: StatementText,
        deadline given: UInt64,
        mayBeOld: Bool,
        _ encode: (inout ParameterBuffer) -> Void
    ) async throws -> QueryResult {
        loop.assertOnLoop()
        let deadline = min(given, loop.now &+ statementNanoseconds)
        if mayBeOld, let replica {
            do {
                let result = try await read(text, on: replica, deadline, encode)
                counters.replicaReads &+= 1
                return result
            } catch let error as PostgresError where error.mayBeOfReplica {
                // The primary answers in its place.
            }
        }
        do { return try await read(text, on: reads, deadline, encode) } catch PostgresError.connectionLost {
            return try await read(text, on: reads, deadline, encode)
        }
    }

    private func read(
        _ text: StatementText,
        on lanes: ConnectionLanes,
        _ deadline: UInt64,
        _ encode: (inout ParameterBuffer) -> Void
    ) async throws -> QueryResult {
        let connection = try await take(lanes, deadline)
        defer { lanes.give(connection) }
        let leader =
            text.isPlannedForValues && connection.options.preparesStatements ? TransactionControl.planForValues : nil
        do {
            return try await connection.run(text, after: leader, isOwn: false, deadline: deadline, encode)
        } catch let error as PostgresError where error.fault?.state.endsConnection == true {
            // Others wait for it, too, and are sent again as this one is.
            connection.giveUp()
            throw PostgresError.connectionLost
        }
    }

    private func take(_ lanes: ConnectionLanes, _ deadline: UInt64) async throws -> PostgresConnection {
        if let connection = lanes.take() { return connection }
        return try await lanes.wait(until: min(deadline, self.deadline(in: options.queueDeadline)))
    }

    private func deadline(in limit: Duration) -> UInt64 {
        let (deadline, overflow) = loop.now.addingReportingOverflow(limit.nanoseconds)
        return overflow ? .max : deadline
    }

    // MARK: Transactions

    /// Runs `body` in a transaction: all of it happens, or nothing.
    ///
    /// A transaction that lost a race (serialization failure, deadlock) or its connection before COMMIT was sent is run
    /// again, so `body` may be called several times and must change nothing outside. A connection lost after that is
    /// `PostgresError.commitUnknown`.
    @discardableResult
    public func transaction<Value>(
        _ isolation: Isolation = .readCommitted,
        within limit: Duration? = nil,
        _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        loop.assertOnLoop()
        let deadline = deadline(in: limit ?? options.statementDeadline * 2)
        return try await repeating(until: deadline) {
            let connection = try await take(transactions, deadline)
            let transaction = Transaction(
                connection,
                isolation,
                deadline: deadline,
                statementNanoseconds: statementNanoseconds,
                observer: options.observer?()
            )
            do {
                let value = try await body(transaction)
                try await transaction.commit()
                finish(connection)
                return value
            } catch {
                transaction.end()
                undo(connection, hasBegun: transaction.hasBegun, error)
                throw error
            }
        }
    }

    /// Single statements that change something, each of which is a transaction by itself.
    public func write() -> SingleWrite { SingleWrite(self) }

    /// Without BEGIN and COMMIT, which are two more statements and one more way to the server and back.
    func write(_ text: StatementText, _ encode: (inout ParameterBuffer) -> Void) async throws -> QueryResult {
        loop.assertOnLoop()
        let deadline = loop.now &+ statementNanoseconds
        return try await repeating(until: deadline) {
            let connection = try await take(transactions, deadline)
            guard connection.isOpen else {
                // It went before anything was sent, so there is nothing to be in doubt about.
                transactions.give(connection)
                throw PostgresError.connectionLost
            }
            do {
                let result = try await connection.run(text, isOwn: true, isCommitted: true, deadline: deadline, encode)
                finish(connection)
                return result
            } catch {
                undo(connection, hasBegun: false, error)
                // The statement may have come to the server, and to its end.
                if (error as? PostgresError)?.leavesOpenWhatHappened == true { throw PostgresError.commitUnknown }
                throw error
            }
        }
    }

    /// Tries again, after a pause, what is undone for certain and may succeed then.
    private func repeating<Value: ~Copyable>(
        until deadline: UInt64,
        _ attempt: () async throws -> Value
    ) async throws -> Value {
        var attempts = 1
        while true {
            counters.transactions &+= 1
            do { return try await attempt() } catch {
                if error as? PostgresError == .commitUnknown { counters.commitsUnknown &+= 1 }
                guard attempts < options.transactionAttempts, (error as? PostgresError)?.mayBeRunAgain == true else {
                    throw error
                }
                counters.transactionRetries &+= 1
                let pause = UInt64.random(in: 0...min(5_000_000 << UInt64(min(attempts, 20)), 1_000_000_000))
                guard loop.now + pause < deadline else { throw error }
                try await loop.sleep(for: .nanoseconds(Int64(pause)))
                attempts += 1
            }
        }
    }

    private func finish(_ connection: PostgresConnection) {
        guard connection.isCalm else { return settle(connection) }
        transactions.give(connection)
    }

    private func undo(_ connection: PostgresConnection, hasBegun: Bool, _ error: any Error) {
        let fault = (error as? PostgresError)?.fault
        // The server goes, or became a standby: another connection may find a better one.
        if let state = fault?.state, state.endsConnection || state == .readOnly { connection.close() }
        guard connection.isOpen else { return transactions.give(connection) }
        guard connection.isCalm else { return settle(connection) }
        if hasBegun { connection.sendAndForget(TransactionControl.rollback) }
        transactions.give(connection)
    }

    /// Gives a connection back when no cancel request can hit its next user.
    private func settle(_ connection: PostgresConnection) {
        loop.startTask { [self] in
            let deadline = deadline(in: options.primary.cancelGrace)
            var isSettled = false
            while connection.isOpen, !isSettled, loop.now < deadline {
                if connection.isCalm {
                    let result = try? await connection.run(TransactionControl.rollback, isOwn: true, deadline: deadline)
                    { _ in }
                    isSettled = result != nil && connection.isCalm
                }
                if !isSettled { try? await loop.sleep(for: .milliseconds(5)) }
            }
            // One that may still be in the transaction, or be told to stop what comes next, is of no use to anybody.
            if !isSettled { connection.close() }
            transactions.give(connection)
        }
    }
}

extension SQLState {
    /// Whoever said so is of no more use.
    var endsConnection: Bool { isShutdown || isLostBehindPooler }
}

extension PostgresError {
    /// Whether the primary may answer what the replica did not: it is away, full, or had to give a read up for the sake of
    /// what came from the primary (https://www.postgresql.org/docs/15/hot-standby.html#HOT-STANDBY-CONFLICT).
    var mayBeOfReplica: Bool {
        switch self {
        case .connectionLost, .cannotConnect, .unavailable, .queueTimeout, .queueFull: true
        case .server(let fault):
            fault.state.endsConnection || fault.state.isTransient || fault.state.isOutOfResources
        default: false
        }
    }

    /// Whether a change that was asked for may have happened, or may still happen.
    var leavesOpenWhatHappened: Bool {
        switch self {
        case .connectionLost, .deadlineExceeded, .closed: true
        case .server(let fault): fault.state.isLostBehindPooler
        default: false
        }
    }

    /// Whether the transaction is undone for certain and may succeed when it is run again.
    var mayBeRunAgain: Bool {
        switch self {
        case .connectionLost: true
        case .server(let fault):
            fault.state.isTransient || fault.state.endsConnection || fault.isAboutPrepared
        default: false
        }
    }
}
