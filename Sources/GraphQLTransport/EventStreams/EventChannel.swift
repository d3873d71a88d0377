import EventLoop
import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import HTTPServer

/// An open event stream that brings the answers of many operations, each under its name.
///
/// `@unchecked Sendable`: confined to the loop of its stream; others reach it by `loop.execute`.
final class EventChannel: @unchecked Sendable {
    /// What is to run.
    struct Operation: Sendable {
        let name: String
        let prepared: PreparedRequest
        let context: ExecutionContext
        /// Of the request.
        let bytes: Int
        /// Given when it enters its stream, and never again: names are.
        var number = 0
    }

    private struct Running {
        let number: Int
        let isSubscription: Bool
        var task: Task<Void, Never>?
        /// The time limit, of a subscription until its source is open.
        var timer: Timer?
        /// Whether the task that opened the subscription has handed it on to another one.
        var isHandedOn = false

        func cancel() {
            timer?.cancel()
            task?.cancel()
        }
    }

    let loop: EventLoop
    private let token: String
    private let stream: HTTPResponseStream
    private let service: GraphQLService
    private let reservations: Reservations
    private let limits: SingleConnectionLimits
    private var running: [String: Running] = [:]
    /// Bytes of answers that wait until the client has read more.
    private var heldBytes = 0
    private var heartbeat: Timer?
    private var isDraining = false

    init(
        _ stream: HTTPResponseStream,
        token: String,
        on loop: EventLoop,
        _ service: GraphQLService,
        _ reservations: Reservations
    ) {
        self.stream = stream
        self.token = token
        self.loop = loop
        self.service = service
        self.reservations = reservations
        limits = service.configuration.singleConnection ?? SingleConnectionLimits()
        heartbeat = EventStreamWriter(stream).heartbeat(every: service.configuration.eventStreamHeartbeat, on: loop)
        // Clients wait for the first byte to know that the stream is open.
        stream.write(":\n\n")
    }

    func start(_ operation: Operation) {
        // It may have been stopped on its way here.
        guard stream.isOpen, reservations.holds(token, operation) else { return }
        let number = operation.number
        let isSubscription = operation.prepared.operationType == .subscription
        running[operation.name] = Running(number: number, isSubscription: isSubscription)
        if isDraining, isSubscription { return end(operation.name, number) }
        let task = loop.startTask { [self] in
            await run(operation, number)
            if !isHandedOn(operation.name, number) { end(operation.name, number) }
        }
        guard running[operation.name]?.number == number, !isHandedOn(operation.name, number) else { return }
        running[operation.name]?.task = task
        guard let deadline = service.configuration.deadline else { return }
        let timer = loop.timer { [weak self] in
            guard let self else { return }
            service.counters.timedOut()
            say(operation.name, number, service.timedOut())
            complete(operation.name, number)
            task.cancel()
        }
        timer.set(after: deadline.nanoseconds)
        running[operation.name]?.timer = timer
    }

    /// The client wants no more of it.
    func stop(_ name: String, _ number: Int) {
        guard running[name]?.number == number, let stopped = running.removeValue(forKey: name) else { return }
        stopped.cancel()
        finishIfDrained()
    }

    /// The server is going down: what has an end comes to it. Subscriptions stop without a word, and the end of the stream
    /// tells clients to take them up again elsewhere.
    func drain() {
        isDraining = true
        reservations.end(token)
        for (name, one) in running where one.isSubscription {
            running[name] = nil
            one.cancel()
            reservations.leave(token, name, one.number)
        }
        finishIfDrained()
    }

    private func finishIfDrained() {
        guard isDraining, stream.isOpen, reservations.isIdle(token) else { return }
        stream.finish()
        close()
    }

    /// The client has gone.
    func close() {
        heartbeat?.cancel()
        heartbeat = nil
        reservations.close(token)
        for (name, stopped) in running { stop(name, stopped.number) }
    }

    private func run(_ operation: Operation, _ number: Int) async {
        let context = operation.context
        if operation.prepared.operationType == .subscription {
            switch await service.subscribe(operation.prepared, in: context) {
            case .refused(let response): say(operation.name, number, response)
            case .stream(let responses): return handOn(responses, operation.name, number)
            }
        } else {
            let response = await service.execute(operation.prepared, in: context)
            // The time limit is for the work, not for a client that reads slowly.
            running[operation.name]?.timer?.cancel()
            guard await hasRoom(for: response) else { return }
            say(operation.name, number, response)
        }
        complete(operation.name, number)
    }

    /// Waits until the client has read most of what was written. False when it is gone, or was cut off because it asks for
    /// more than it reads.
    private func hasRoom(for response: Response) async -> Bool {
        guard !stream.isWritable else { return true }
        heldBytes += response.body.count
        defer { heldBytes -= response.body.count }
        guard heldBytes <= limits.maximumHeldBytes else {
            service.loopCounters?.totals.slowReaders &+= 1
            stream.cut()
            return false
        }
        while stream.isOpen, !stream.isWritable {
            do { try await stream.writable() } catch { return false }
        }
        return stream.isOpen
    }

    /// What a task has taken for its deepest call it keeps to its end, so that another one than that which has opened a
    /// subscription waits for its events: for hours, perhaps.
    private func handOn(_ responses: sending ResponseStream, _ name: String, _ number: Int) {
        guard isRunning(name, number) else { return }
        running[name]?.timer?.cancel()
        running[name]?.timer = nil
        running[name]?.isHandedOn = true
        let task = loop.startTask { [self] in
            await say(responses, name, number)
            complete(name, number)
            end(name, number)
        }
        // What was stopped meanwhile waits for nothing any more.
        if running[name]?.number == number { running[name]?.task = task } else { task.cancel() }
    }

    private func isHandedOn(_ name: String, _ number: Int) -> Bool {
        guard let one = running[name], one.number == number else { return false }
        return one.isHandedOn
    }

    /// Says all that a subscription is told.
    private func say(_ responses: ResponseStream, _ name: String, _ number: Int) async {
        do {
            while isRunning(name, number), let response = try await responses.next() {
                try await stream.writable()
                say(name, number, response)
            }
        } catch {
            let shown = error as? GraphQLError ?? EngineOptions.masked(error)
            if !(error is CancellationError) { say(name, number, Response(refusing: [shown])) }
        }
    }

    // MARK: Events

    /// An operation that was stopped is silent, even when another one has its name now.
    private func isRunning(_ name: String, _ number: Int) -> Bool { running[name]?.number == number && stream.isOpen }

    private func say(_ name: String, _ number: Int, _ response: Response) {
        guard isRunning(name, number) else { return }
        stream.write { out in
            out.append("event: next\ndata: {\"id\":")
            out.append(name.quotedAsJSON)
            out.append(",\"payload\":")
            response.body.withBytes { out.append($0) }
            out.append("}\n\n")
        }
    }

    private func complete(_ name: String, _ number: Int) {
        guard isRunning(name, number) else { return }
        stream.write { out in
            out.append("event: complete\ndata: {\"id\":")
            out.append(name.quotedAsJSON)
            out.append("}\n\n")
        }
        end(name, number)
    }

    private func end(_ name: String, _ number: Int) {
        guard let ended = running[name], ended.number == number else { return }
        running[name] = nil
        ended.timer?.cancel()
        reservations.leave(token, name, number)
        finishIfDrained()
    }
}
