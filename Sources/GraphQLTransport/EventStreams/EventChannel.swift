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
    }

    private struct Running {
        let number: Int
        var task: Task<Void, Never>?
        var timer: Timer?
    }

    let loop: EventLoop
    private let token: String
    private let stream: HTTPResponseStream
    private let service: GraphQLService
    private let reservations: Reservations
    private var running: [String: Running] = [:]
    private var lastNumber = 0
    private var heartbeat: Timer?

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
        heartbeat = EventStreamWriter(stream).heartbeat(every: service.configuration.eventStreamHeartbeat, on: loop)
        // Clients wait for the first byte to know that the stream is open.
        stream.write(":\n\n")
    }

    func start(_ operation: Operation) {
        // It may have been stopped on its way here.
        guard stream.isOpen, reservations.holds(token, operation.name) else { return }
        lastNumber += 1
        let number = lastNumber
        running[operation.name] = Running(number: number)
        let task = loop.startTask { [self] in
            await run(operation, number)
            end(operation.name, number)
        }
        guard running[operation.name]?.number == number else { return }
        running[operation.name]?.task = task
        guard operation.prepared.operationType != .subscription, let deadline = service.configuration.deadline else {
            return
        }
        let timer = loop.timer { [unowned self] in
            service.counters.timedOut()
            say(operation.name, number, GraphQLService.timedOut)
            complete(operation.name, number)
            task.cancel()
        }
        timer.set(after: deadline.nanoseconds)
        running[operation.name]?.timer = timer
    }

    /// The client wants no more of it.
    func stop(_ name: String) {
        guard let stopped = running.removeValue(forKey: name) else { return }
        stopped.timer?.cancel()
        stopped.task?.cancel()
    }

    /// The client has gone.
    func close() {
        heartbeat?.cancel()
        heartbeat = nil
        reservations.close(token)
        for name in running.keys { stop(name) }
    }

    private func run(_ operation: Operation, _ number: Int) async {
        let context = operation.context
        if operation.prepared.operationType == .subscription {
            await subscribe(operation, number, context)
        } else {
            say(operation.name, number, await service.execute(operation.prepared, in: context))
        }
        complete(operation.name, number)
    }

    private func subscribe(_ operation: Operation, _ number: Int, _ context: ExecutionContext) async {
        do {
            switch await service.subscribe(operation.prepared, in: context) {
            case .refused(let response): say(operation.name, number, response)
            case .stream(let responses):
                while isRunning(operation.name, number), let response = try await responses.next() {
                    try await stream.writable()
                    say(operation.name, number, response)
                }
            }
        } catch {
            let shown = error as? GraphQLError ?? EngineOptions.masked(error)
            if !(error is CancellationError) { say(operation.name, number, Response(refusing: [shown])) }
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
        reservations.leave(token, name)
    }
}
