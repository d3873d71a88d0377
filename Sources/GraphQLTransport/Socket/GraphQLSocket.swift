import EventLoop
import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import HTTPServer

/// Performs on a socket what its protocol says; each operation is a task on the socket's loop, and each subscription is a
/// second one from when it is open.
///
/// `@unchecked Sendable`: confined to the loop of its socket.
final class GraphQLSocket: WebSocketHandler, @unchecked Sendable {
    /// What runs.
    private struct Operation {
        /// What was asked, until its work has begun: variables may be large, and what listens for hours needs none of them.
        var envelope: Envelope?
        var task: Task<Void, Never>?
        /// The time limit, until the source of a subscription is open.
        var timer: Timer?
        var isStream = false
        var isOpen = false
        /// Whether the task that opened the subscription has handed it on to another one.
        var isHandedOn = false
        /// What a subscription listens by that needs no task of its own.
        var listener: SocketListener?
    }

    private let service: GraphQLService
    private var machine: SocketProtocol
    /// The handshake, until the application has seen it.
    private var handshake: HTTPRequest?
    /// What faults of the operations are logged with, if they are.
    private let served: ServedRequest?
    private var makeContext: ContextMaker?
    private var operations: [SocketProtocol.Number: Operation] = [:]
    /// Operations that were stopped and whose tasks have not ended.
    private var stopping: Set<SocketProtocol.Number> = [] {
        didSet { machine.unfinished = stopping.count }
    }
    private var connecting: Task<Void, Never>?
    /// Ends the wait for an introduction, and for the application; later sends pings, if they are asked for.
    private var timer: Timer?
    /// Operations that wait until the client has read more.
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Bytes of the answers among those.
    private var heldBytes = 0
    /// As those do, what listens without a task.
    private var resting: [SocketListener] = []

    init(_ socket: WebSocket, _ handshake: HTTPRequest, _ service: GraphQLService) {
        self.service = service
        self.handshake = handshake
        let keepsTrace = service.configuration.tracer != nil
        served =
            service.configuration.tracksRequests ? ServedRequest(ofSocket: handshake, keepsTrace: keepsTrace) : nil
        let configuration = service.configuration.socket
        let dialect = socket.subprotocol.flatMap(SocketDialect.init)
        machine = SocketProtocol(
            dialect ?? .transport,
            maximumOperations: configuration.maximumOperations,
            maximumRequestBytes: configuration.maximumRequestBytes
        )
        guard dialect != nil else {
            perform(machine.close(4406, "Subprotocol not acceptable"), on: socket)
            return
        }
        let timer = socket.loop.timer { [unowned self, unowned socket] in
            perform(machine.timedOut(), on: socket)
        }
        timer.set(after: configuration.initialisationTimeout.nanoseconds)
        self.timer = timer
    }

    // MARK: WebSocketHandler

    func received(text: UnsafeRawBufferPointer, on socket: WebSocket) {
        perform(machine.received(text: text), on: socket)
    }

    func received(binary: UnsafeRawBufferPointer, on socket: WebSocket) {
        perform(machine.receivedBinary(), on: socket)
    }

    func outputDrained(on socket: WebSocket) {
        wakeWriters()
        let rested = resting
        resting = []
        for listener in rested { listener.listen() }
    }

    func drain(on socket: WebSocket) {
        machine.drain()
        closeIfDrained(socket)
    }

    /// When the server goes down, queries and mutations come to their end. Subscriptions have none: they end with the socket,
    /// whose close tells clients to take them up again elsewhere.
    private func closeIfDrained(_ socket: WebSocket) {
        guard machine.isDraining, operations.values.allSatisfy(\.isStream) else { return }
        perform(machine.close(.goingAway, "server is going down"), on: socket)
    }

    func closed(_ end: WebSocketEnd, on socket: WebSocket) {
        _ = machine.close(.normal, "")
        release()
    }

    /// Stops everything that belongs to the socket.
    private func release() {
        timer?.cancel()
        timer = nil
        handshake = nil
        connecting?.cancel()
        connecting = nil
        let stopped = operations
        operations = [:]
        resting = []
        for operation in stopped.values { abandon(operation) }
        wakeWriters()
    }

    /// The client has gone, or has stopped the operation.
    private func abandon(_ operation: Operation) {
        if !operation.isStream { service.counters.abandoned() }
        cancel(operation)
    }

    private func cancel(_ operation: Operation) {
        operation.timer?.cancel()
        operation.task?.cancel()
        operation.listener?.stop()
    }

    private func wakeWriters() {
        let woken = waiting
        waiting = []
        for continuation in woken { continuation.resume() }
    }

    // MARK: Actions

    private func perform(_ actions: [SocketProtocol.Action], on socket: WebSocket) {
        for action in actions {
            switch action {
            case .connect(let payload): connect(payload, socket)
            case .acknowledge: socket.send(text: #"{"type":"connection_ack"}"#)
            case .sayRefused(let reason):
                socket.send(text: #"{"type":"connection_error","payload":{"message":\#(reason.quotedAsJSON)}}"#)
            case .start(let number, let id, let envelope): start(number, id, envelope, socket)
            case .stop(let number):
                stop(number)
                closeIfDrained(socket)
            case .sendError(let id, let error):
                if !machine.isDraining { service.loopCounters?.totals.overLimit &+= 1 }
                sendError(id, service.engine.refuse(error), socket)
            case .sendComplete(let id): sendComplete(id, socket)
            case .pong(let payload):
                socket.send(text: payload.map { #"{"type":"pong","payload":\#($0.json)}"# } ?? #"{"type":"pong"}"#)
            case .close(let code, let reason):
                service.loopCounters?.totals.close(code)
                socket.close(code, reason: reason)
                release()
            }
        }
    }

    /// The client wants no more of it. What resolvers have begun may go on for a while.
    private func stop(_ number: SocketProtocol.Number) {
        guard let operation = operations.removeValue(forKey: number) else { return }
        if operation.task != nil { stopping.insert(number) }
        abandon(operation)
    }

    private func connect(_ payload: Value?, _ socket: WebSocket) {
        timer?.set(after: service.configuration.socket.connectTimeout.nanoseconds)
        guard let handshake else { return }
        let task = socket.loop.startTask { [self] in
            do throws(ConnectionRefused) {
                makeContext = try await service.connect(handshake, payload: payload)
                perform(machine.accepted(), on: socket)
                startPings(socket)
            } catch {
                let isFault = error.isPresented
                if !isFault { _ = service.configuration.presentRefusal(error.shown, error.status) }
                perform(isFault ? machine.failed() : machine.refused(error.message), on: socket)
            }
            self.handshake = nil
            connecting = nil
        }
        if machine.phase == .asking { connecting = task }
    }

    private func startPings(_ socket: WebSocket) {
        guard machine.phase == .ready, let interval = service.configuration.socket.pingInterval else {
            timer?.cancel()
            timer = nil
            return
        }
        let text = machine.dialect == .transport ? #"{"type":"ping"}"# : #"{"type":"ka"}"#
        timer?.cancel()
        timer = Heartbeat.start(on: socket.loop, every: interval) { [unowned socket] in socket.send(text: text) }
    }

    // MARK: Operations

    private func start(_ number: SocketProtocol.Number, _ id: String, _ envelope: Envelope, _ socket: WebSocket) {
        operations[number] = Operation(envelope: envelope)
        let task = socket.loop.startTask { [self] in
            if let served {
                await ServedRequest.$current.withValue(served) { await run(number, id, socket) }
            } else {
                await run(number, id, socket)
            }
            if operations[number]?.isHandedOn != true { taskEnded(number, socket) }
        }
        guard let operation = operations[number], operation.listener == nil, !operation.isHandedOn else { return }
        operations[number]?.task = task
        guard operations[number]?.isOpen == false, let deadline = service.configuration.deadline else { return }
        let timer = socket.loop.timer { [unowned self, unowned socket] in
            guard machine.end(number, id: id) else { return }
            service.counters.timedOut()
            sendError(id, service.timedOut(), socket)
            if let operation = operations.removeValue(forKey: number) {
                stopping.insert(number)
                cancel(operation)
            }
            closeIfDrained(socket)
        }
        timer.set(after: deadline.nanoseconds)
        operations[number]?.timer = timer
    }

    /// An operation is over with its task, unless it listens.
    private func taskEnded(_ number: SocketProtocol.Number, _ socket: WebSocket) {
        if !stopping.isEmpty { stopping.remove(number) }
        operations[number]?.task = nil
        guard let operation = operations[number], operation.listener == nil else { return }
        operation.timer?.cancel()
        operations[number] = nil
        closeIfDrained(socket)
    }

    private func run(
        _ number: SocketProtocol.Number,
        _ id: String,
        _ socket: WebSocket
    ) async {
        guard let makeContext, let envelope = operations[number]?.envelope.take() else { return }
        let context = makeContext(LoadingContext.ofCurrentLoop())
        let prepared: PreparedRequest
        switch await service.prepare(envelope, in: context) {
        case .ready(let ready): prepared = ready
        case .refused(let response): return finish(number, id, socket) { sendError(id, response, socket) }
        }
        if prepared.operationType == .subscription {
            await stream(prepared, context, number, id, socket)
        } else if prepared.mayBeIncremental, machine.dialect == .transport {
            await answerInParts(prepared, context, number, id, socket)
        } else {
            await answer(await service.execute(prepared, in: context), number, id, socket)
        }
    }

    /// Says the only answer of an operation, when the client has read what came before it.
    private func answer(
        _ response: Response,
        _ number: SocketProtocol.Number,
        _ id: String,
        _ socket: WebSocket
    ) async {
        if !socket.isWritable { await waitForRoom(for: response, number, socket) }
        finish(number, id, socket) {
            if response.hasData {
                sendNext(id, response, socket)
                sendComplete(id, socket)
            } else {
                sendError(id, response, socket)
            }
        }
    }

    /// Waits until the client has read most of what was sent. A client that asks for more than it reads is closed.
    private func waitForRoom(for response: Response, _ number: SocketProtocol.Number, _ socket: WebSocket) async {
        // The time limit is for the work, not for a client that reads slowly.
        operations[number]?.timer?.cancel()
        operations[number]?.timer = nil
        heldBytes += response.body.count
        defer { heldBytes -= response.body.count }
        if heldBytes > service.configuration.socket.maximumHeldBytes {
            socket.closeSlowConsumer()
            _ = machine.close(.normal, "")
            release()
        }
        await waitForRoom(socket)
    }

    /// Says each part of an answer when it is there. The time limit holds for all of them together.
    private func answerInParts(
        _ prepared: PreparedRequest,
        _ context: ExecutionContext,
        _ number: SocketProtocol.Number,
        _ id: String,
        _ socket: WebSocket
    ) async {
        try? await service.execute(prepared, in: context, as: .current) { part in
            guard part.hasNext else { return await answer(part, number, id, socket) }
            guard machine.isRunning(number, id: id) else { throw CancellationError() }
            sendNext(id, part, socket)
            await waitForRoom(socket)
        }
    }

    /// Those that wait are woken together, and the first of them may fill it again.
    @inline(never)
    private func waitForRoom(_ socket: WebSocket) async {
        while !socket.isWritable, socket.isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    private func stream(
        _ prepared: consuming PreparedRequest,
        _ context: ExecutionContext,
        _ number: SocketProtocol.Number,
        _ id: String,
        _ socket: WebSocket
    ) async {
        operations[number]?.isStream = true
        closeIfDrained(socket)
        guard machine.isRunning(number, id: id) else { return }
        let outcome = await service.subscribe(consume prepared, in: context)
        // The time limit is for the opening of the source.
        operations[number]?.isOpen = true
        operations[number]?.timer?.cancel()
        operations[number]?.timer = nil
        guard machine.isRunning(number, id: id) else { return }
        switch outcome {
        case .refused(let response): await answer(response, number, id, socket)
        case .stream(let responses):
            if let shared = responses.shared {
                let listener = SocketListener(number, id, shared, on: socket, of: self, machine.dialect)
                operations[number]?.listener = listener
                listener.listen()
            } else {
                handOn(responses, number, id, socket)
            }
        }
    }

    /// What a task has taken for its deepest call it keeps to its end, so that another one than that which has opened a
    /// subscription waits for its events: for hours, perhaps.
    private func handOn(
        _ responses: sending ResponseStream,
        _ number: SocketProtocol.Number,
        _ id: String,
        _ socket: WebSocket
    ) {
        operations[number]?.isHandedOn = true
        let task = socket.loop.startTask { [self] in
            await say(responses, number, id, socket)
            taskEnded(number, socket)
        }
        // What has ended meanwhile, with its socket, waits for nothing any more.
        if operations[number] == nil { task.cancel() } else { operations[number]?.task = task }
    }

    /// Says all that a subscription is told.
    private func say(
        _ responses: ResponseStream,
        _ number: SocketProtocol.Number,
        _ id: String,
        _ socket: WebSocket
    ) async {
        do {
            // A socket that was closed for being slow is open no more, and is told so by its end alone.
            while machine.isRunning(number, id: id), socket.isOpen, let response = try await responses.next() {
                guard machine.isRunning(number, id: id) else { return }
                sendNext(id, response, socket)
                if !socket.isWritable { await waitForRoom(socket) }
            }
            end(number, id, nil, socket)
        } catch {
            end(number, id, error, socket)
        }
    }

    @inline(never)
    private func end(_ number: SocketProtocol.Number, _ id: String, _ error: (any Error)?, _ socket: WebSocket) {
        finish(number, id, socket) {
            if let error { sendError(id, error, socket) } else { sendComplete(id, socket) }
        }
    }

    /// What listens goes on when the client has read enough.
    func rest(_ listener: SocketListener) { resting.append(listener) }

    /// What listened has come to its end, or to the error that ended it.
    func ended(_ listener: SocketListener, _ error: (any Error)?, _ socket: WebSocket) {
        operations[listener.number] = nil
        end(listener.number, listener.id, error, socket)
    }

    /// Says the last of an operation, unless the client has stopped it.
    private func finish(_ number: SocketProtocol.Number, _ id: String, _ socket: WebSocket, _ say: () -> Void) {
        if machine.end(number, id: id) { say() }
    }

    // MARK: Messages

    @inline(never)
    private func sendNext(_ id: String, _ response: Response, _ socket: WebSocket) {
        response.body.withBytes { OperationMessage(machine.dialect.next, id: id).send($0, to: socket) }
    }

    private func sendError(_ id: String, _ error: any Error, _ socket: WebSocket) {
        sendError(id, Response(refusing: [error as? GraphQLError ?? EngineOptions.masked(error)]), socket)
    }

    /// The older protocol has a place for one error only; its servers send what did not run as data without data.
    private func sendError(_ id: String, _ response: Response, _ socket: WebSocket) {
        if machine.dialect == .older {
            sendNext(id, response, socket)
            sendComplete(id, socket)
        } else {
            response.withErrorList { OperationMessage("error", id: id).send($0, to: socket) }
        }
    }

    private func sendComplete(_ id: String, _ socket: WebSocket) {
        socket.send(text: #"{"id":\#(id.quotedAsJSON),"type":"complete"}"#)
    }
}
