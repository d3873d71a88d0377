import GraphQLSchema
import HTTPServer
import Testing

@testable import GraphQLTransport

/// The state machine alone: messages in, actions out.
@Suite(.timeLimit(.minutes(3))) struct SocketProtocolTests {
    private func machine(_ dialect: SocketDialect = .transport, isReady: Bool = false) -> SocketProtocol {
        var machine = SocketProtocol(dialect, maximumOperations: 3, maximumRequestBytes: 4_096)
        if isReady {
            _ = tell(&machine, #"{"type":"connection_init"}"#)
            _ = machine.accepted()
        }
        return machine
    }

    private func tell(_ machine: inout SocketProtocol, _ text: String) -> [SocketProtocol.Action] {
        Array(text.utf8).withUnsafeBytes { machine.received(text: $0) }
    }

    private func subscription(_ id: String, type: String = "subscribe") -> String {
        #"{"type":"\#(type)","id":"\#(id)","payload":{"query":"{ hello }"}}"#
    }

    private func isClose(_ actions: [SocketProtocol.Action], _ code: WebSocketCloseCode) -> Bool {
        if case .close(code, _)? = actions.last { actions.count == 1 } else { false }
    }

    @Test func `names, remarks and requests have their sizes`() {
        var machine = machine(isReady: true)
        let name = String(repeating: "n", count: SocketMessage.maximumID)
        #expect(tell(&machine, subscription(name)).count == 1)
        #expect(isClose(tell(&machine, subscription(name + "n")), 4400))
        for type in ["ping", "pong"] {
            var machine = self.machine(isReady: true)
            let room = SocketMessage.maximumRemark - 32
            let fits = #"{"type":"\#(type)","payload":{"a":"\#(String(repeating: "x", count: room - 10))"}}"#
            #expect(!isClose(tell(&machine, fits), 4400))
            #expect(isClose(tell(&machine, fits.replacing("xx", with: "xxx")), 4400))
        }
        machine = self.machine(isReady: true)
        func large(_ id: String, _ count: Int) -> String {
            #"{"type":"subscribe","id":"\#(id)","payload":{"query":"{ hello }","variables":{"a":"\#(String(repeating: "x", count: count))"}}}"#
        }
        // One alone may be as large as it likes.
        #expect(isStart(tell(&machine, large("1", 10_000))))
        #expect(isRefused(tell(&machine, large("2", 10))))
        _ = tell(&machine, #"{"type":"complete","id":"1"}"#)
        #expect(isStart(tell(&machine, large("2", 3_000))))
        #expect(isRefused(tell(&machine, large("3", 3_000))))
        #expect(isStart(tell(&machine, large("3", 500))))
    }

    @Test func `whoever stops operations whose work goes on begins no others`() {
        var machine = machine(isReady: true)
        machine.unfinished = 3
        #expect(isRefused(tell(&machine, subscription("1"))))
        machine.unfinished = 2
        #expect(isStart(tell(&machine, subscription("1"))))
    }

    @Test func `names are other names when their bytes are`() {
        var machine = machine(isReady: true)
        #expect(isStart(tell(&machine, subscription("\u{e9}"))))
        #expect(isStart(tell(&machine, subscription("e\u{301}"))))
        #expect(isClose(tell(&machine, subscription("\u{e9}")), 4409))
    }

    private func isStart(_ actions: [SocketProtocol.Action]) -> Bool {
        if case .start? = actions.first { actions.count == 1 } else { false }
    }

    private func isRefused(_ actions: [SocketProtocol.Action]) -> Bool {
        guard case .sendError(_, let error)? = actions.first else { return false }
        return error.extensions["code"] == .string("TOO_MANY_OPERATIONS")
    }

    @Test func `the introduction asks the application, whose answer opens the socket`() {
        var machine = machine()
        #expect(
            tell(&machine, #"{"type":"connection_init","payload":{"a":1}}"#) == [
                .connect(.object([.init("a", .int(1))]))
            ]
        )
        #expect(machine.phase == .asking)
        #expect(machine.accepted() == [.acknowledge] && machine.phase == .ready)
        #expect(machine.accepted() == [] && machine.refused("late") == [] && machine.timedOut() == [])
    }

    @Test func `an application that takes too long closes, and what it says then does not count`() {
        var machine = machine()
        _ = tell(&machine, #"{"type":"connection_init"}"#)
        #expect(isClose(machine.timedOut(), 4500))
        #expect(machine.accepted() == [] && machine.refused("late") == [])
    }

    @Test func `while the server goes down no operation begins, and what runs may end`() {
        var machine = machine(isReady: true)
        guard case .start(let number, _, _)? = tell(&machine, subscription("1")).first else {
            Issue.record("nothing runs")
            return
        }
        machine.drain()
        guard case .sendError(id: "2", let error)? = tell(&machine, subscription("2")).first else {
            Issue.record("something else than an error")
            return
        }
        #expect(error.extensions["code"] == .string("GOING_AWAY"))
        #expect(machine.end(number, id: "1") && machine.phase == .ready)
    }

    @Test func `a second introduction closes, be the first accepted or not`() {
        var asking = machine()
        _ = tell(&asking, #"{"type":"connection_init"}"#)
        #expect(isClose(tell(&asking, #"{"type":"connection_init"}"#), 4429))
        #expect(asking.accepted() == [])
        var ready = machine(isReady: true)
        #expect(isClose(tell(&ready, #"{"type":"connection_init"}"#), 4429))
    }

    @Test func `behind the close nothing counts`() {
        var machine = machine()
        #expect(isClose(machine.timedOut(), 4408))
        #expect(machine.phase == .closed)
        for text in ["no JSON", #"{"type":"connection_init"}"#, #"{"type":"ping"}"#, subscription("1")] {
            #expect(tell(&machine, text) == [])
        }
        #expect(machine.receivedBinary() == [] && machine.timedOut() == [] && machine.failed() == [])
    }

    @Test func `an operation has a number of its own, and says its last word once`() {
        var machine = machine(isReady: true)
        var envelope = Envelope()
        envelope.query = "{ hello }"
        #expect(tell(&machine, subscription("a")) == [.start(1, id: "a", envelope)])
        #expect(machine.isRunning(1, id: "a"))
        #expect(machine.end(1, id: "a") && !machine.end(1, id: "a") && !machine.isRunning(1, id: "a"))
        #expect(tell(&machine, subscription("a")) == [.start(2, id: "a", envelope)])
        #expect(!machine.end(1, id: "a") && machine.isRunning(2, id: "a"))
        #expect(tell(&machine, #"{"type":"complete","id":"a"}"#) == [.stop(2)])
        let saysMore = machine.end(2, id: "a")
        #expect(!saysMore)
        #expect(tell(&machine, #"{"type":"complete","id":"a"}"#) == [])
    }

    @Test func `one name serves one operation at a time`() {
        var machine = machine(isReady: true)
        _ = tell(&machine, subscription("a"))
        #expect(tell(&machine, subscription("a")) == [.close(4409, "Subscriber for a already exists")])
        #expect(!machine.isRunning(1, id: "a"))
    }

    @Test func `in the older protocol a name that is used again replaces its operation`() {
        var machine = machine(.older, isReady: true)
        _ = tell(&machine, subscription("a", type: "start"))
        let actions = tell(&machine, subscription("a", type: "start"))
        guard actions.count == 2, actions[0] == .stop(1), case .start(2, "a", _) = actions[1] else {
            Issue.record("\(actions)")
            return
        }
        #expect(tell(&machine, #"{"type":"stop","id":"a"}"#) == [.stop(2), .sendComplete(id: "a")])
        #expect(isClose(tell(&machine, #"{"type":"connection_terminate"}"#), .normal))
    }

    @Test func `the limit on operations counts those that run`() {
        var machine = machine(isReady: true)
        for id in ["a", "b", "c"] { _ = tell(&machine, subscription(id)) }
        guard case .sendError("d", _)? = tell(&machine, subscription("d")).first else {
            Issue.record("the fourth operation was started")
            return
        }
        let hasEnded = machine.end(2, id: "b")
        #expect(hasEnded)
        guard case .start? = tell(&machine, subscription("d")).first else {
            Issue.record("the place that became free was not given")
            return
        }
    }

    @Test func `words of one protocol are unknown to the other`() {
        for (dialect, text) in [
            (SocketDialect.transport, subscription("1", type: "start")), (.transport, #"{"type":"stop","id":"1"}"#),
            (.transport, #"{"type":"connection_terminate"}"#), (.older, subscription("1")),
            (.older, #"{"type":"ping"}"#), (.older, #"{"type":"complete","id":"1"}"#),
        ] {
            var machine = machine(dialect, isReady: true)
            #expect(isClose(tell(&machine, text), 4400), "\(text)")
        }
    }

    @Test func `no sequence of messages brings an answer behind a close or two of one operation`() {
        let words = [
            #"{"type":"connection_init"}"#, #"{"type":"ping"}"#, #"{"type":"complete","id":"a"}"#, "{",
            subscription("a"), subscription("b"), #"{"type":"pong"}"#,
        ]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var machine = machine()
            var running: [Int: String] = [:]
            var isClosed = false
            for _ in 0..<30 {
                let actions: [SocketProtocol.Action]
                switch Int.random(in: 0..<12, using: &random) {
                case 0: actions = machine.accepted()
                case 1: actions = Int.random(in: 0..<8) == 0 ? machine.refused("no") : []
                case 2:
                    actions = []
                    if let (number, id) = running.randomElement() {
                        #expect(machine.end(number, id: id) == !isClosed)
                        running[number] = nil
                    }
                default: actions = tell(&machine, words.randomElement() ?? "")
                }
                #expect(!isClosed || actions.isEmpty)
                for action in actions {
                    switch action {
                    case .start(let number, let id, _):
                        #expect(running[number] == nil && !running.values.contains(id))
                        running[number] = id
                    case .stop(let number): #expect(running.removeValue(forKey: number) != nil)
                    case .close: isClosed = true
                    default: break
                    }
                }
            }
        }
    }
}
