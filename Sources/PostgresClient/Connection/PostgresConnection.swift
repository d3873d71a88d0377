internal import CLibPQ
public import EventLoop

/// One connection, in pipeline mode all its life (but for COPY), driven by a loop.
///
/// Statements that may share a batch are sent when the loop's turn ends, behind one synchronisation; the others have
/// their own. `pending` holds what was sent, in order, and the server answers in that order.
///
/// `@unchecked Sendable`: confined to its loop.
public final class PostgresConnection: EndOfTurnHandler, @unchecked Sendable {
    public let loop: EventLoop
    let options: ConnectionOptions
    /// libpq's connection; nil once it is closed.
    private(set) var handle: OpaquePointer?
    public internal(set) var metrics = ConnectionMetrics()
    /// Of all connections of the pool; nil where nobody keeps any.
    var statistics: StatementStatistics?
    /// Told once when the connection is gone.
    var onClose: (() -> Void)?
    var onNotification: ((_ channel: String, _ payload: String) -> Void)?
    @usableFromInline var parameters = ParameterBuffer()

    var pending = Ring<Operation>()
    private var watch: Watch?
    /// The names under which this connection has prepared statements, by their index.
    private var prepared: ContiguousArray<String?> = []
    private var preparations = 0
    private var failedPreparation: PostgresError?
    private var unsynchronised = 0
    private var awaitsEndOfTurn = false
    private var tickets: UInt64 = 0
    private(set) lazy var deadlines = loop.timer { [weak self] in self?.expire() }
    private var nextExpiry = UInt64.max
    private lazy var cancelAgain = loop.timer { [weak self] in self?.cancelHead() }
    var cancelsInFlight = 0
    /// When the last answer came, or the first statement was sent after all had been answered.
    private var headSince: UInt64 = 0
    /// Whoever has the connection to himself, out of pipeline mode.
    var exclusive: SocketWait?
    var exclusiveUses = 0
    private var drained: UnsafeContinuation<Void, Never>?

    /// Takes over a connection that libpq has made.
    init(_ handle: OpaquePointer, on loop: EventLoop, _ options: ConnectionOptions) throws {
        self.loop = loop
        self.options = options
        self.handle = handle
        PQsetnonblocking(handle, 1)
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        guard PQenterPipelineMode(handle) == 1 else { throw PostgresError.connectionLost }
        // Keeps the connection until it is closed.
        let watch = try loop.watch(PQsocket(handle)) { [self] in ready($0) }
        watch.interest = .readable
        self.watch = watch
    }

    deinit { if let handle { PQfinish(handle) } }

    public var isOpen: Bool { handle != nil }
    /// Whether what was sent waits for a statement that takes longer than this.
    func isHeldUp(for limit: UInt64) -> Bool { !pending.isEmpty && loop.now - min(loop.now, headSince) > limit }
    /// The process that serves this connection.
    public var serverProcess: Int32 { PQbackendPID(handle) }

    /// Ends the connection; what waits for it hears so.
    public func close() { end(.closed) }

    /// Ends a connection that is of no more use; what waits for it may be sent again elsewhere.
    func giveUp() { end(.connectionLost) }

    /// Runs a statement; `isOwn` says that the connection is the caller's for the time of a transaction, so that the
    /// statement shares no batch and is never sent twice.
    ///
    /// A statement that ran into a neighbour's error, or that the server has forgotten, is sent again. `leader` goes
    /// before it in the same batch, without parameters and without an answer of its own.
    ///
    /// `isCommitted` says that the statement is a transaction by itself, which is answered when it is committed: that is
    /// what the synchronisation behind it does. When its task is cancelled the server is asked to stop, and what became of
    /// it is waited for: `CancellationError` means that it did not happen.
    public func run(
        _ text: StatementText,
        after leader: StatementText? = nil,
        isOwn: Bool,
        isCommitted: Bool = false,
        deadline: UInt64,
        _ encode: (inout ParameterBuffer) -> Void
    ) async throws -> QueryResult {
        loop.assertOnLoop()
        var isAlone = isOwn
        var preparedAnew = false
        var resent = 0
        while true {
            guard !Task.isCancelled else { throw CancellationError() }
            parameters.clear()
            encode(&parameters)
            tickets += 1
            let ticket = tickets
            let sendsAlone = isAlone
            let reply = await withTaskCancellationHandler {
                await withUnsafeContinuation { continuation in
                    if let leader { lead(leader) }
                    send(
                        text,
                        ticket,
                        isAlone: sendsAlone,
                        isOwn: isOwn,
                        isCommitted: isCommitted,
                        deadline,
                        .one(continuation)
                    )
                }
            } onCancel: {
                loop.execute { self.cancel(ticket) }
            }
            switch reply {
            case .result(let result): return QueryResult(result)
            case .aborted:
                // Once for a neighbour's error, and for cancel requests that were meant for others: those are rare.
                guard resent < 4 else {
                    throw PostgresError.server(ServerFault(.queryCanceled, "canceled again and again"))
                }
                resent += 1
                metrics.resent &+= 1
                isAlone = true
            case .error(let error):
                if Task.isCancelled, error.fault?.state == .queryCanceled { throw CancellationError() }
                guard !preparedAnew, isForgotten(error) else { throw error }
                preparedAnew = true
                // Within a transaction the error has spoilt it already, and whoever began it begins again.
                if isOwn {
                    forgetAll()
                    throw error
                }
                // Another use of it may have found that out before; and it may be the leader that is forgotten.
                forget(text)
                if let leader { forget(leader) }
                isAlone = true
            }
        }
    }

    /// Runs statements of a transaction in one message, each only if those before it succeeded; how many rows each gave or
    /// changed, and why the next one did not, if it did not. `heedsCancellation` is false for what must not be given up once it
    /// was sent.
    func run(
        _ parts: [StatementBatch.Part],
        after leader: StatementText?,
        heedsCancellation: Bool = true,
        deadline: UInt64
    ) async throws -> (counts: [Int], failure: (any Error)?) {
        loop.assertOnLoop()
        guard !Task.isCancelled else { throw CancellationError() }
        tickets += 1
        let ticket = tickets
        func reply() async -> [Operation.Reply] {
            await withUnsafeContinuation { continuation in
                let replies = BatchReplies(parts.count, continuation)
                if let leader { lead(leader) }
                for (place, part) in parts.enumerated() {
                    parameters.clear()
                    part.parameters.encode(into: &parameters)
                    let isLast = place == parts.count - 1
                    send(part.text, ticket, isAlone: true, isOwn: true, isLast: isLast, deadline, .part(replies, place))
                }
            }
        }
        let replies =
            heedsCancellation
            ? await withTaskCancellationHandler(operation: reply) { loop.execute { self.cancel(ticket) } }
            : await reply()
        let (counts, failure) = settle(parts, replies)
        if Task.isCancelled, failure?.fault?.state == .queryCanceled { return (counts, CancellationError()) }
        return (counts, failure)
    }

    private func settle(
        _ parts: [StatementBatch.Part],
        _ replies: [Operation.Reply]
    ) -> (counts: [Int], failure: PostgresError?) {
        var failure: PostgresError?
        var counts: [Int] = []
        for (part, reply) in zip(parts, replies) {
            switch reply {
            case .result(let result):
                // Freed here, whether it is of use or not.
                let result = QueryResult(result)
                if failure == nil {
                    counts.append(result.rowCount > 0 ? result.rowCount : result.changedRows)
                    part.take(result)
                }
            case .error(let error):
                if failure != nil { continue }
                failure = error
                if isForgotten(error) { forgetAll() }
            case .aborted: if failure == nil { failure = .connectionLost }
            }
        }
        return (counts, failure)
    }

    // MARK: Sending

    /// Sends a statement whose answer no one waits for; it fails what comes behind it in its batch.
    func lead(_ text: StatementText) {
        guard exclusive == nil else { return }
        if unsynchronised > 0 { synchronise() }
        // Sending may find that the connection is gone, and frees what libpq has of it.
        guard let handle else { return }
        let isSent = send(text, withParameters: false, handle)
        guard isSent else { return end(.connectionLost) }
        pending.append(Operation(kind: .lead))
        // What only sets how the next one is planned is none of its own.
        if text !== TransactionControl.planForValues { metrics.statements &+= 1 }
    }

    /// Sends a statement by itself that nobody waits for, such as ROLLBACK; what is sent later comes after it.
    func sendAndForget(_ text: StatementText) {
        parameters.clear()
        lead(text)
        synchronise()
    }

    /// - Parameter isLast: whether nothing follows that was sent together with it.
    private func send(
        _ text: StatementText,
        _ ticket: UInt64,
        isAlone: Bool,
        isOwn: Bool,
        isLast: Bool = true,
        isCommitted: Bool = false,
        _ deadline: UInt64,
        _ continuation: Operation.Waiter
    ) {
        if isAlone, unsynchronised > 0, exclusive == nil { synchronise() }
        guard let handle, exclusive == nil else { return continuation.resume(returning: .error(.connectionLost)) }
        let isSent = send(text, withParameters: true, handle)
        guard isSent else {
            continuation.resume(returning: .error(.connectionLost))
            return end(.connectionLost)
        }
        var operation = Operation(kind: .query(text))
        operation.ticket = ticket
        operation.isOwn = isOwn
        operation.isCommitted = isCommitted
        operation.continuation = continuation
        operation.deadline = deadline
        operation.sentAt = loop.now
        if pending.isEmpty { headSince = loop.now }
        pending.append(operation)
        metrics.statements &+= 1
        watchDeadline(deadline)
        guard isLast else { return }
        unsynchronised += 1
        if isAlone || unsynchronised >= options.maximumBatch {
            synchronise()
        } else if !awaitsEndOfTurn {
            awaitsEndOfTurn = true
            loop.atEndOfTurn(self)
        }
    }

    private func send(_ text: StatementText, withParameters: Bool, _ handle: OpaquePointer) -> Bool {
        guard options.preparesStatements else {
            let types = text.parameters.map(\.oid)
            guard withParameters else { return PQsendQueryParams(handle, text.sql, 0, nil, nil, nil, nil, 1) == 1 }
            return parameters.withPointers { count, values, lengths, formats in
                PQsendQueryParams(handle, text.sql, count, types, values, lengths, formats, 1) == 1
            }
        }
        guard let name = prepare(text, handle) else { return false }
        guard withParameters else { return PQsendQueryPrepared(handle, name, 0, nil, nil, nil, 1) == 1 }
        return parameters.withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1) == 1
        }
    }

    /// The name under which the server knows the statement, or will when it gets there.
    private func prepare(_ text: StatementText, _ handle: OpaquePointer) -> String? {
        while prepared.count <= text.index { prepared.append(nil) }
        if let name = prepared[text.index] { return name }
        preparations += 1
        let name = "s\(text.index)_\(preparations)"
        let types = text.parameters.map(\.oid)
        guard PQsendPrepare(handle, name, text.sql, Int32(types.count), types) == 1 else { return nil }
        prepared[text.index] = name
        pending.append(Operation(kind: .prepare(text)))
        metrics.preparations &+= 1
        return name
    }

    public func endOfTurn() {
        awaitsEndOfTurn = false
        if unsynchronised > 0 { synchronise() }
    }

    /// Ends the batch and hands everything to the kernel, or as much as it takes.
    private func synchronise() {
        unsynchronised = 0
        guard let handle else { return }
        guard PQpipelineSync(handle) == 1 else { return end(.connectionLost) }
        pending.append(Operation(kind: .sync))
        metrics.synchronisations &+= 1
        flush()
    }

    func flush() {
        guard let handle else { return }
        switch PQflush(handle) {
        case 0: watch?.interest = .readable
        case 1: watch?.interest = [.readable, .writable]
        default: end(.connectionLost)
        }
    }

    /// Waits until everything sent has been answered.
    func drain() async {
        endOfTurn()
        guard !pending.isEmpty else { return }
        await withUnsafeContinuation { drained = $0 }
    }

    // MARK: Receiving

    private func ready(_ readiness: Readiness) {
        if let exclusive {
            if readiness.contains(.writable) { flush() }
            guard !exclusive.ready(), let watch else { return }
            // Nobody reads now: what there is to be read is left in the socket, and not told again until somebody does.
            if watch.interest.isEmpty { return end(.connectionLost) }
            watch.interest = []
            return
        }
        if readiness.contains(.writable) { flush() }
        guard let handle else { return }
        guard PQconsumeInput(handle) == 1 else {
            takeResults()
            return end(.connectionLost)
        }
        takeResults()
    }

    private func takeResults() {
        while let handle, !pending.isEmpty, PQisBusy(handle) == 0 {
            headSince = loop.now
            take(PQgetResult(handle))
        }
        guard let handle else { return }
        if PQstatus(handle) == CONNECTION_BAD { return end(.connectionLost) }
        // Whoever hears one may close the connection.
        while let handle = self.handle, let notification = PQnotifies(handle) {
            let channel = String(cString: notification.pointee.relname)
            let payload = notification.pointee.extra.map { String(cString: $0) } ?? ""
            PQfreemem(notification)
            onNotification?(channel, payload)
        }
        if pending.isEmpty, let drained {
            self.drained = nil
            drained.resume()
        }
        cancelHead()
    }

    /// One result; nil ends those of the first pending operation.
    private func take(_ result: OpaquePointer?) {
        guard let result else { return finish() }
        switch PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            failedPreparation = nil
            commit(pending.removeFirst())
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            pending[0].reply = .aborted
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            if case .result(let earlier) = pending[0].reply { PQclear(earlier) }
            pending[0].reply = .result(result)
        default:
            pending[0].reply = .error(PostgresError(result))
            PQclear(result)
        }
    }

    /// All results of the first pending operation have come.
    private func finish() {
        if case .sync = pending[0].kind, case .error(let error) = pending[0].reply {
            // It could not commit what came before it; its own result is still to come.
            pending[0].refusal = error
            pending[0].reply = nil
            return
        }
        finish(pending.removeFirst())
    }

    /// A synchronisation has come to its end, and with it what it had to commit.
    private func commit(_ synchronisation: Operation) {
        guard let result = synchronisation.uncommitted else { return }
        if let text = synchronisation.committed, let statistics {
            let time = loop.now &- synchronisation.sentAt
            statistics.note(text, nanoseconds: time, synchronisation.refusal == nil ? result : nil)
        }
        guard let refusal = synchronisation.refusal else { return answer(synchronisation, .result(result)) }
        PQclear(result)
        answer(synchronisation, .error(refusal))
    }

    private func finish(_ operation: Operation) {
        let reply = operation.reply ?? .error(.connectionLost)
        switch operation.kind {
        case .prepare(let text):
            switch reply {
            case .result(let result): PQclear(result)
            case .aborted: forget(text)
            case .error(let error):
                forget(text)
                failedPreparation = isMeantForAnother(error, operation) ? nil : error
            }
        case .lead:
            switch reply {
            case .result(let result): PQclear(result)
            case .aborted: break
            case .error(let error): failedPreparation = error
            }
        case .query(let text):
            // Its synchronisation is next: it was sent alone.
            if operation.isCommitted, case .result(let result) = reply, !pending.isEmpty {
                pending[0].takeOver(operation, result)
            } else {
                note(text, operation, reply)
                answer(operation, reply)
            }
        case .sync:
            // A synchronisation gives one result and no end; whatever came instead is not in step with what was sent.
            if let result = operation.uncommitted {
                PQclear(result)
                operation.continuation?.resume(returning: .error(operation.refusal ?? .connectionLost))
            }
            end(.connectionLost)
        }
    }

    private func note(_ text: StatementText, _ operation: Operation, _ reply: Operation.Reply) {
        guard let statistics else { return }
        let time = loop.now &- operation.sentAt
        switch reply {
        case .result(let result): statistics.note(text, nanoseconds: time, result)
        case .error: statistics.note(text, nanoseconds: time, nil)
        // It did not run.
        case .aborted: break
        }
    }

    private func answer(_ operation: Operation, _ reply: Operation.Reply) {
        guard let continuation = operation.continuation else {
            if case .result(let result) = reply { PQclear(result) }
            return
        }
        switch reply {
        case .aborted:
            if let error = failedPreparation {
                failedPreparation = nil
                continuation.resume(returning: .error(error))
            } else {
                continuation.resume(returning: reply)
            }
        case .error(let error) where isMeantForAnother(error, operation):
            continuation.resume(returning: .aborted)
        default:
            continuation.resume(returning: reply)
        }
    }

    /// A cancel request names a connection, not a statement: it may come too late and hit the next one.
    private func isMeantForAnother(_ error: PostgresError, _ operation: Operation) -> Bool {
        error.fault?.state == .queryCanceled && !operation.isOwn && !operation.wantsCancel
    }

    // MARK: Statements the server has forgotten

    private func isForgotten(_ error: PostgresError) -> Bool {
        options.preparesStatements && error.fault?.isAboutPrepared == true
    }

    /// Prepares all statements again: where one is out of date others may be, and a transaction is not run again for each.
    private func forgetAll() { prepared.removeAll(keepingCapacity: true) }

    /// Prepares the statement again before its next use, under another name.
    private func forget(_ text: StatementText) {
        if text.index < prepared.count { prepared[text.index] = nil }
    }

    // MARK: Deadlines and cancellation

    private func watchDeadline(_ deadline: UInt64) {
        guard deadline < nextExpiry else { return }
        nextExpiry = deadline
        deadlines.set(at: deadline)
    }

    private func expire() {
        nextExpiry = .max
        var next = UInt64.max
        for index in 0..<pending.count {
            if pending[index].deadline <= loop.now {
                // No one waits any more, and the server did not react to the cancel request: it is of no use.
                guard pending[index].continuation != nil else { return end(.connectionLost) }
                metrics.deadlinesExceeded &+= 1
                abandon(index, .deadlineExceeded)
            }
            next = min(next, pending[index].deadline)
        }
        if next < .max { watchDeadline(next) }
        cancelHead()
    }

    private func cancel(_ ticket: UInt64) {
        var isAwaited = false
        for index in 0..<pending.count where pending[index].ticket == ticket && pending[index].continuation != nil {
            if pending[index].isCommitted {
                revoke(index)
            } else {
                abandon(index, .server(ServerFault(state: .queryCanceled, message: "canceled by its task")))
            }
            isAwaited = true
        }
        if isAwaited { cancelHead() }
    }

    /// Whoever wrote something hears what became of it, stopped or not, as long as the server may take to stop.
    private func revoke(_ index: Int) {
        pending[index].wantsCancel = true
        let (limit, overflow) = loop.now.addingReportingOverflow(options.cancelGrace.nanoseconds)
        guard !overflow, limit < pending[index].deadline else { return }
        pending[index].deadline = limit
        watchDeadline(limit)
    }

    /// Answers whoever waits at once; the server is asked to stop when the statement's turn comes.
    private func abandon(_ index: Int, _ error: PostgresError) {
        let continuation = pending[index].continuation
        pending[index].continuation = nil
        pending[index].wantsCancel = true
        // Nothing is late before its turn has come.
        pending[index].deadline = .max
        continuation?.resume(returning: .error(error))
    }

    /// Asks the server to stop what it runs now, if no one waits for that; again until it is heard, as a request may
    /// come before its statement.
    private func cancelHead() {
        guard let handle else { return }
        var index = 0
        while index < pending.count, pending[index].isLeader { index += 1 }
        guard index < pending.count, pending[index].wantsCancel else { return }
        if pending[index].deadline == .max {
            let (deadline, overflow) = loop.now.addingReportingOverflow(options.cancelGrace.nanoseconds)
            pending[index].deadline = overflow ? .max : deadline
            watchDeadline(pending[index].deadline)
        }
        guard cancelsInFlight == 0 else { return }
        guard let request = CancelRequest(handle) else { return end(.connectionLost) }
        cancelsInFlight += 1
        metrics.cancels &+= 1
        loop.startTask { [self] in
            await request.send(within: options.cancelGrace)
            cancelsInFlight -= 1
            cancelAgain.set(after: 50_000_000)
        }
    }

    /// No statement that was given up, and no cancel request, can disturb whoever comes next.
    var isCalm: Bool {
        if cancelsInFlight > 0 { return false }
        for index in 0..<pending.count where pending[index].wantsCancel { return false }
        return true
    }

    // MARK: The end

    func end(_ error: PostgresError) {
        guard let handle else { return }
        self.handle = nil
        watch?.cancel()
        watch = nil
        deadlines.cancel()
        cancelAgain.cancel()
        while !pending.isEmpty {
            let operation = pending.removeFirst()
            if case .result(let result) = operation.reply { PQclear(result) }
            if let result = operation.uncommitted { PQclear(result) }
            operation.continuation?.resume(returning: .error(operation.refusal ?? error))
        }
        PQfinish(handle)
        exclusive?.ready()
        drained?.resume()
        drained = nil
        onClose?()
        onClose = nil
        onNotification = nil
    }
}
