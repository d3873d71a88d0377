import EventLoop
import GraphQLEngine
import HTTPServer

/// One HTTP request on its way through GraphQL, and how it is answered.
///
/// `@unchecked Sendable`: confined to the loop of its connection.
final class Exchange: AnswerFields, @unchecked Sendable {
    let request: HTTPRequest
    let responder: HTTPResponder
    private(set) var type: MediaType
    private let handler: GraphQLHandler
    /// The files that came with the request.
    var uploads: [String: Upload] = [:]
    /// What the answer has beside the usual fields.
    var addFields: ((inout HTTPFields) -> Void)?
    /// What operations have added besides.
    private var added: [(name: StaticString, value: String)] = []
    /// Whether the answer has begun and goes on in parts, which the time limit holds for.
    var isInParts = false
    private var timer: Timer?
    private var task: Task<Void, Never>?
    /// An event stream is open, which ends when its client goes.
    private var isStreaming = false
    /// The server is going down, and the answer has no end of its own.
    private(set) var isEnding = false
    /// The task is done, stream and all.
    private var isOver = false
    /// Whether the task that began has handed the exchange on to another one.
    private var isHandedOn = false

    init(_ request: HTTPRequest, _ responder: HTTPResponder, _ type: MediaType, _ handler: GraphQLHandler) {
        self.request = request
        self.responder = responder
        self.type = type
        self.handler = handler
    }

    /// Runs `answer` in a task: at once, up to its first suspension. Most requests are answered then.
    ///
    /// - Parameter isTimed: whether the time limit of operations holds from now on, and not from `beginDeadline`.
    func run(isTimed: Bool = true, _ answer: @escaping @Sendable (Exchange) async -> Void) {
        let task = responder.loop.startTask {
            if self.handler.configuration.tracksRequests {
                await ServedRequest.$current.withValue(ServedRequest(self.request)) { await answer(self) }
            } else {
                await answer(self)
            }
            if !self.isHandedOn { self.finish() }
        }
        if !isOver { attend(to: task, isTimed) }
    }

    /// The same for the operation of one envelope, which is what nearly all requests are: nothing is called by a closure that
    /// could want to run elsewhere.
    func run(_ envelope: Envelope) {
        let handler = handler
        let task = responder.loop.startTask {
            if handler.configuration.tracksRequests {
                await ServedRequest.$current.withValue(ServedRequest(self.request)) {
                    await handler.answer(envelope, self)
                }
            } else {
                await handler.answer(envelope, self)
            }
            if !self.isHandedOn { self.finish() }
        }
        if !isOver { attend(to: task, true) }
    }

    /// Goes on in another task, the last of the exchange: what a task has taken for its deepest call it keeps to its end,
    /// and streams last for hours.
    func handOn(_ responses: sending ResponseStream) {
        isHandedOn = true
        let handler = handler
        let next = responder.loop.startTask {
            await handler.say(responses, self)
            self.finish()
        }
        guard !isOver else { return }
        task = next
        if isEnding { next.cancel() }
    }

    /// The task has come to its end.
    private func finish() {
        isOver = true
        settle()
        task = nil
        if !uploads.isEmpty { uploads = [:] }
    }

    /// The task has to wait: from now on it can be ended from outside.
    private func attend(to task: Task<Void, Never>, _ isTimed: Bool) {
        if !isHandedOn { self.task = task }
        if isEnding { self.task?.cancel() }
        responder.onDisconnect { [self] in
            settle()
            if self.task != nil, !isStreaming { handler.service.counters.abandoned() }
            self.task?.cancel()
        }
        if isTimed { beginDeadline() }
    }

    /// Ends the task when the server goes down.
    func endWhenDraining() {
        responder.onDrain { [self] in
            isEnding = true
            task?.cancel()
        }
    }

    func beginDeadline() {
        guard timer == nil, responder.isWaiting || isInParts, let deadline = handler.configuration.deadline else {
            return
        }
        let timer = responder.loop.timer { [self] in
            settle()
            handler.service.counters.timedOut()
            if responder.isWaiting { sayTimedOut() }
            task?.cancel()
        }
        timer.set(after: deadline.nanoseconds)
        self.timer = timer
    }

    /// Gives the body so long to come; from then on `beginDeadline` counts.
    func limitBody(to limit: Duration, ifLate note: @escaping () -> Void) {
        guard timer == nil, responder.isWaiting else { return }
        let timer = responder.loop.timer { [self] in
            settle()
            note()
            refuse(Refusal(.requestTimeout, "The request took too long to come."))
        }
        timer.set(after: limit.nanoseconds)
        self.timer = timer
    }

    private func sayTimedOut() {
        if type == .eventStream {
            EventStreamWriter(openedStream).finish(with: handler.service.timedOut())
        } else {
            send(handler.service.timedOut(), .serviceUnavailable)
        }
    }

    /// Answers by events, as the client takes those too.
    func answerByEvents() { type = .eventStream }

    /// Ends the time limit; from now on nothing ends the request but itself and its client.
    func settle() {
        timer?.cancel()
        timer = nil
    }

    func send(_ response: Response) {
        send(response, handler.configuration.statusCodes.status(of: response, as: type))
    }

    func send(_ response: Response, _ status: HTTPStatus) {
        send(status) { out in
            response.body.withBytes { out.append($0) }
        }
    }

    /// Answers with a body of the media type, which `write` appends straight to the connection's output.
    func send(_ status: HTTPStatus, writing write: (inout ByteBuffer) -> Void) {
        var all = handler.fields(handler.type(of: status, for: type), for: request)
        addFields?(&all)
        addOwn(to: &all)
        responder.respond(status, all, writing: write)
    }

    func refuse(_ refusal: Refusal) {
        handler.refuse(refusal, request, responder, as: type) { [self] fields in
            addFields?(&fields)
            addOwn(to: &fields)
        }
    }

    var openedStream: HTTPResponseStream {
        settle()
        isStreaming = true
        var fields = handler.fields(.eventStream, for: request)
        addOwn(to: &fields)
        return responder.stream(.ok, fields)
    }

    func add(_ name: StaticString, _ value: String) { added.append((name, value)) }

    /// Puts what operations have added into the head of an answer.
    func addOwn(to fields: inout HTTPFields) {
        for (name, value) in added { fields.add(name, value) }
    }
}
