import GraphQLSchema
import HTTPServer

/// What is said in which order on a socket, without one: messages go in, actions come out.
struct SocketProtocol {
    enum Phase: Equatable {
        /// The client has not introduced itself. → `asking` by its message, → `closed` by the time limit.
        case silent
        /// The application is being asked. → `ready` or `closed`, that also by the time limit.
        case asking
        /// Operations run. → `closed`.
        case ready
        /// A close frame is sent; nothing counts any more. Final.
        case closed
    }

    /// One operation. Its number is never used again, so that what comes late from an operation that was stopped cannot
    /// be taken for an answer of another one with the same name.
    typealias Number = Int

    enum Action: Equatable {
        /// Ask the application, with what the client introduced itself with.
        case connect(Value?)
        case acknowledge
        /// Of the older protocol: the application said no.
        case sayRefused(String)
        case start(Number, id: String, Envelope)
        case stop(Number)
        /// An operation ended before it began.
        case sendError(id: String, GraphQLError)
        case sendComplete(id: String)
        case pong(Value?)
        case close(WebSocketCloseCode, String)
    }

    /// What a client calls an operation: the same bytes, where strings take what looks alike for the same.
    private struct Name: Hashable {
        let text: String

        static func == (one: Name, other: Name) -> Bool { one.text.utf8.elementsEqual(other.text.utf8) }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    private struct Running {
        let number: Number
        /// Of the message that asked for it.
        let bytes: Int
    }

    let dialect: SocketDialect
    private let maximumOperations: Int
    private let maximumRequestBytes: Int
    private(set) var phase = Phase.silent
    private var running: [Name: Running] = [:]
    /// Of the messages that asked for what runs.
    private var requestBytes = 0
    /// Operations that were stopped and whose work has not ended yet, as whoever runs them knows.
    var unfinished = 0
    private var nextNumber = 0
    /// The server is going down: what runs may end, nothing begins.
    private(set) var isDraining = false

    init(_ dialect: SocketDialect, maximumOperations: Int, maximumRequestBytes: Int) {
        self.dialect = dialect
        self.maximumOperations = maximumOperations
        self.maximumRequestBytes = maximumRequestBytes
    }

    // MARK: The client

    mutating func received(text: UnsafeRawBufferPointer) -> [Action] {
        guard phase != .closed else { return [] }
        do {
            switch try SocketMessage(text, dialect) {
            case .initialise(let payload): return initialise(payload)
            case .ping(let payload): return [.pong(payload)]
            case .pong: return []
            case .subscribe(let id, let payload): return try subscribe(id, payload, bytes: text.count)
            case .complete(let id): return complete(id)
            case .terminate: return close(.normal, "")
            }
        } catch {
            return close(4400, error.message)
        }
    }

    mutating func receivedBinary() -> [Action] { close(4400, "Invalid message: binary") }

    mutating func timedOut() -> [Action] {
        switch phase {
        case .silent: close(4408, "Connection initialisation timeout")
        case .asking: failed()
        case .ready, .closed: []
        }
    }

    private mutating func initialise(_ payload: Value?) -> [Action] {
        guard phase == .silent else { return close(4429, "Too many initialisation requests") }
        phase = .asking
        return [.connect(payload)]
    }

    private mutating func subscribe(
        _ id: String,
        _ payload: Value,
        bytes: Int
    ) throws(BadEnvelope) -> [Action] {
        guard phase == .ready else { return close(4401, "Unauthorized") }
        let envelope = try Envelope(payload)
        var actions: [Action] = []
        let name = Name(text: id)
        if running[name] != nil {
            guard dialect == .older else { return close(4409, "Subscriber for \(id) already exists") }
            if let stopped = forget(name) { actions.append(.stop(stopped)) }
        }
        guard !isDraining else {
            let error = GraphQLError("The server is going down.", extensions: ["code": .string("GOING_AWAY")])
            return actions + [.sendError(id: id, error)]
        }
        if let refusal = refusal(bytes: bytes) {
            let error = GraphQLError(refusal, extensions: ["code": .string("TOO_MANY_OPERATIONS")])
            return actions + [.sendError(id: id, error)]
        }
        nextNumber += 1
        running[name] = Running(number: nextNumber, bytes: bytes)
        requestBytes += bytes
        return actions + [.start(nextNumber, id: id, envelope)]
    }

    /// Why there is no room for an operation.
    private func refusal(bytes: Int) -> String? {
        if running.count >= maximumOperations { return "A socket runs \(maximumOperations) operations at a time." }
        // Whoever stops operations and starts others waits for the end of the work that was begun.
        if unfinished >= maximumOperations { return "The operations that were stopped have not ended yet." }
        // The one that is alone is as large as a message may be.
        guard running.isEmpty || requestBytes + bytes <= maximumRequestBytes else {
            return "The operations that a socket runs were asked for by at most \(maximumRequestBytes) bytes."
        }
        return nil
    }

    private mutating func complete(_ id: String) -> [Action] {
        guard let number = forget(Name(text: id)) else { return [] }
        // Clients of the older protocol wait for the echo.
        return dialect == .older ? [.stop(number), .sendComplete(id: id)] : [.stop(number)]
    }

    private mutating func forget(_ name: Name) -> Number? {
        guard let known = running.removeValue(forKey: name) else { return nil }
        requestBytes -= known.bytes
        return known.number
    }

    // MARK: The application

    mutating func accepted() -> [Action] {
        guard phase == .asking else { return [] }
        phase = .ready
        return [.acknowledge]
    }

    mutating func refused(_ reason: String) -> [Action] {
        guard phase == .asking else { return [] }
        return (dialect == .older ? [.sayRefused(reason)] : []) + close(4403, reason)
    }

    mutating func failed() -> [Action] { close(4500, "Internal server error") }

    mutating func drain() { isDraining = true }

    /// Whether the operation may still say something.
    func isRunning(_ number: Number, id: String) -> Bool {
        phase == .ready && running[Name(text: id)]?.number == number
    }

    /// The operation is over and has said so. False when it was stopped before: then it must be silent.
    mutating func end(_ number: Number, id: String) -> Bool {
        guard isRunning(number, id: id) else { return false }
        return forget(Name(text: id)) != nil
    }

    /// Nothing counts any more.
    mutating func close(_ code: WebSocketCloseCode, _ reason: String) -> [Action] {
        guard phase != .closed else { return [] }
        phase = .closed
        running = [:]
        requestBytes = 0
        return [.close(code, reason)]
    }
}
