import EventLoop
import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import GraphQLTransport
import HTTPServer
import SocketTesting
import Synchronization

/// A subscription whose opening and whose events wait for what a test says, bound by hand as the generator binds.
enum GuardedTicks: SchemaBinding {
    static var sdl: StaticString {
        """
        directive @guarded on FIELD_DEFINITION
        type Query { hello: String! }
        type Subscription { ticks: Int! @guarded }
        """
    }

    static func root(_ operation: OperationType) -> ObjectColumn { Objects<RootBinding>([Root()]) }

    static func decodeArguments(
        type: Int,
        field: Int,
        _ arguments: [Value.Field],
        _ decoder: inout InputDecoder
    ) -> DecodedArguments? { nil }

    static func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream {
        EventStream(call.context(as: TicksContext.self).desk.ticks, as: Leaf<Int32>.self)
    }
}

private struct Root: Sendable {}

private enum RootBinding: ObjectBinding {
    typealias Value = Root
    static let typeName = "Query"

    static func write(_ field: Int, of value: Root, to buffer: inout ResponseBuffer) {
        preconditionFailure("it has no stored fields")
    }

    static func resolve(_ field: Int, of parents: Batch<Root>, _ call: ResolverCall) async throws -> FieldColumn {
        FieldColumn("world", as: Leaf<String>.self)
    }
}

final class TicksContext: ExecutionContext, @unchecked Sendable {
    let desk: TicksDesk

    init(_ loading: LoadingContext, _ desk: TicksDesk) {
        self.desk = desk
        super.init(loading)
    }

    override func contextForNextEvent() -> ExecutionContext { TicksContext(loading.renewed(), desk) }
}

/// What a test says of a subscription, and what became of it.
final class TicksDesk: FieldMiddleware {
    struct Counts {
        /// Of the guard: for the opening, and for each event.
        var calls = 0
        var inside = 0
        var mostInside = 0
        var cancelled = 0
        /// Of the source.
        var reads = 0
        var readers = 0
    }

    private let pass: @Sendable (_ call: Int) async throws -> Void
    private let count: Int
    private let interval: Duration
    private let state = Mutex(Counts())

    /// - Parameters:
    ///   - count: how many ticks there are: one at once, and the next in each interval.
    ///   - pass: what the guard does, for the opening (0) and for each event.
    init(
        ticks count: Int = .max,
        every interval: Duration = .zero,
        pass: @escaping @Sendable (Int) async throws -> Void
    ) {
        self.pass = pass
        self.count = count
        self.interval = interval
    }

    var ticks: Ticks { Ticks(desk: self, count: count, interval: interval) }
    var counts: Counts { state.withLock { $0 } }
    fileprivate func change(_ change: (inout Counts) -> Void) { state.withLock { change(&$0) } }

    func check(_ batch: GuardedBatch) async throws -> BatchVerdict {
        let call = state.withLock { counts in
            counts.inside += 1
            counts.mostInside = max(counts.mostInside, counts.inside)
            counts.calls += 1
            return counts.calls - 1
        }
        defer { change { $0.inside -= 1 } }
        do { try await pass(call) } catch {
            if error is CancellationError { change { $0.cancelled += 1 } }
            throw error
        }
        return .admitted
    }

    /// For ever, or until the task is cancelled.
    static func never() async throws {
        guard let loop = EventLoop.current else { throw SocketFailure(call: "no loop", code: 0) }
        try await loop.sleep(for: .seconds(3_600))
    }

    func server(_ change: (inout GraphQLConfiguration) -> Void = { _ in }) throws -> TransportServer {
        var options = EngineOptions()
        options.middleware["guarded"] = self
        options.present = { EngineOptions.masked($0, isShown: false) }
        return try TransportServer(try Engine(GuardedTicks.self, options: options)) {
            $0.singleConnection = SingleConnectionLimits()
            $0.connect = { _ in { TicksContext($0, self) } }
            change(&$0)
        }
    }
}

struct Ticks: AsyncSequence {
    let desk: TicksDesk
    let count: Int
    let interval: Duration

    func makeAsyncIterator() -> Iterator { Iterator(self) }

    final class Iterator: AsyncIteratorProtocol {
        private let ticks: Ticks
        private var last = 0

        init(_ ticks: Ticks) {
            self.ticks = ticks
            ticks.desk.change { $0.readers += 1 }
        }

        deinit { ticks.desk.change { $0.readers -= 1 } }

        func next() async throws -> Int32? {
            ticks.desk.change { $0.reads += 1 }
            guard last < ticks.count else { return nil }
            if last > 0, ticks.interval > .zero { try await EventLoop.current?.sleep(for: ticks.interval) }
            last += 1
            return Int32(last)
        }
    }
}

/// The ways by which a subscription comes to its client.
enum SubscriptionWay: CaseIterable {
    case socket, olderSocket, eventStream, reservedStream
}

/// A client of one subscription, under the name "s".
struct TicksClient {
    private let way: SubscriptionWay
    private let server: TransportServer
    private let socket: TestSocket
    private let client: SocketClient?
    private var token = ""

    init(_ way: SubscriptionWay, _ server: TransportServer, _ query: String = "subscription { ticks }") throws {
        self.way = way
        self.server = server
        let fields = ["content-type": "application/json", "accept": "text/event-stream"]
        switch way {
        case .socket, .olderSocket:
            let client = try SocketClient(server, way == .socket ? "graphql-transport-ws" : "graphql-ws")
            self.client = client
            socket = client.socket
            try client.initialise()
        case .eventStream:
            client = nil
            socket = try server.client()
            try socket.send(request("POST", "/graphql", fields, body: #"{"query":\#(query.quotedAsJSON)}"#))
            return
        case .reservedStream:
            client = nil
            socket = try server.client()
            token = try server.send("PUT").text
            let head = ["accept": "text/event-stream", "x-graphql-event-stream-token": token]
            try socket.send(request("GET", "/graphql", head, body: nil))
        }
        try ask(query)
    }

    /// Runs an operation under the same name, where the way knows names.
    func ask(_ query: String) throws {
        let document = #"{"query":\#(query.quotedAsJSON)}"#
        switch way {
        case .socket: try client?.send(#"{"id":"s","type":"subscribe","payload":\#(document)}"#)
        case .olderSocket: try client?.send(#"{"id":"s","type":"start","payload":\#(document)}"#)
        case .eventStream: throw SocketFailure(call: "an event stream has one operation", code: 0)
        case .reservedStream:
            let body = #"{"query":\#(query.quotedAsJSON),"extensions":{"operationId":"s"}}"#
            let answer = try server.post(body, ["x-graphql-event-stream-token": token])
            guard answer.status == 202 else { throw SocketFailure(call: "\(answer)", code: 0) }
        }
    }

    /// Wants no more of it; the client of an event stream goes away.
    func stop() throws {
        switch way {
        case .socket: try client?.send(#"{"id":"s","type":"complete"}"#)
        case .olderSocket: try client?.send(#"{"id":"s","type":"stop"}"#)
        case .eventStream: socket.reset()
        case .reservedStream:
            let head = ["x-graphql-event-stream-token": token]
            let answer = try server.send("DELETE", "/graphql?operationId=s", head)
            guard answer.status == 200 else { throw SocketFailure(call: "\(answer)", code: 0) }
        }
    }

    /// Has nothing more to say, and hears on.
    func endOutput() { socket.endOutput() }

    /// The next thing that is said of an operation, without what is around it.
    func next() throws -> String {
        if let client { return try client.text() }
        while true {
            let line = try socket.receiveText(through: "\n").trimmed
            if line.hasPrefix("event: complete") {
                _ = try socket.receiveText(through: "\n")
                return "complete"
            }
            if line.hasPrefix("data: {") { return line }
        }
    }

    /// Reads to the close frame of a socket, and answers it.
    func answerClose() throws {
        guard let client else { return }
        var event = try client.next()
        while case .message = event { event = try client.next() }
        try client.send("\u{3}\u{e9}", opcode: 8)
    }

    /// Whether this is the word that an operation is over.
    func isEnd(_ text: String) -> Bool { text == "complete" || text.contains(#""type":"complete""#) }
}
