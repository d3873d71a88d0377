import EventLoop
import Glibc
import SocketTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(3))) struct ShutdownTests {
    @Test func `a drain lets streams finish and refuses new ones`() async throws {
        let group = try EventLoopGroup(count: 2)
        let address = try group.listen(on: .loopback()) { _ in EchoHandler() }
        let client = try TestSocket(port: address.port)
        try client.send("hi")
        #expect(try client.receiveText(exactly: 2) == "hi")
        let begun = HandlerLog()
        let draining = Task {
            begun.note("begun")
            await group.drain(within: .seconds(20))
        }
        await begun.wait(for: "begun")
        #expect(try client.receiveTextToEnd() == "bye")
        client.endOutput()
        await draining.value
        #expect(throws: SocketFailure.self) { try TestSocket(port: address.port) }
    }

    @Test func `a stream that does not finish is cut at the deadline`() async throws {
        let group = try EventLoopGroup()
        let log = HandlerLog()
        let address = try group.listen(on: .loopback()) { _ in
            ClosureHandler(log) { _, stream in stream.write { $0.append("ok") } }
        }
        let client = try TestSocket(port: address.port)
        try client.send("x")
        #expect(try client.receiveText(exactly: 2) == "ok")
        await group.drain(within: .milliseconds(50))
        #expect(log.notes == ["drain", "closed shutdown"])
    }

    @Test func `the loops go on when their streams have finished`() async throws {
        let group = try EventLoopGroup(count: 2)
        let address = try group.listen(on: .loopback()) { _ in EchoHandler() }
        let log = HandlerLog()
        group.loops[0].execute {
            group.loops[0].startTask {
                try? await group.loops[0].sleep(for: .milliseconds(100))
                log.note("done")
            }
        }
        await group.finishStreams(within: .seconds(20))
        #expect(throws: SocketFailure.self) { try TestSocket(port: address.port) }
        await log.wait(for: "done")
        await group.stop()
    }

    @Test func `a stop closes everything at once`() async throws {
        let group = try EventLoopGroup(count: 2)
        let log = HandlerLog()
        let address = try group.listen(on: .loopback()) { _ in EchoHandler(log) }
        let client = try TestSocket(port: address.port)
        try client.send("x")
        #expect(try client.receiveText(exactly: 1) == "x")
        await group.stop()
        await group.stop()
        #expect(log.notes == ["closed shutdown"])
        #expect(try client.receiveToEnd().isEmpty)
    }

    @Test func `the first signal asks for a drain, the next for a stop, and a hang-up for a reload`() async throws {
        let group = try EventLoopGroup()
        let log = HandlerLog()
        let signals = try ProcessSignals(reloads: true) { log.note("\($0)") }
        kill(getpid(), SIGHUP)
        await log.wait(for: "reload")
        kill(getpid(), SIGTERM)
        await log.wait(for: "drain")
        kill(getpid(), SIGINT)
        await log.wait(for: "stopNow")
        #expect(log.notes == ["reload", "drain", "stopNow"])
        signals.cancel()
        await group.stop()
    }

    @Test func `a program waits until it is told to stop, and then until it has finished`() async throws {
        let log = HandlerLog()
        let signals = try StopSignals(reloads: true)
        kill(getpid(), SIGHUP)
        kill(getpid(), SIGTERM)
        await signals.wait(reload: { log.note("reload") }) { log.note("drain") }
        #expect(log.notes == ["reload", "drain"])
    }

    @Test func `signals are heard while the loops are busy`() async throws {
        let group = try EventLoopGroup()
        let log = HandlerLog()
        let heard = Atomic(0)
        let signals = try ProcessSignals { request in
            log.note("\(request)")
            heard.add(1, ordering: .sequentiallyConsistent)
        }
        group.loops[0].execute {
            log.note("busy")
            while heard.load(ordering: .sequentiallyConsistent) < 2 { usleep(1_000) }
            log.note("idle")
        }
        await log.wait(for: "busy")
        kill(getpid(), SIGTERM)
        await log.wait(for: "drain")
        kill(getpid(), SIGTERM)
        await log.wait(for: "idle")
        #expect(log.notes == ["busy", "drain", "stopNow", "idle"])
        signals.cancel()
        await group.stop()
    }
}
