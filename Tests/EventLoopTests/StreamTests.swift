import SocketTesting
import Testing
import WaitTesting

@testable import EventLoop

@Suite(.timeLimit(.minutes(3))) struct StreamTests {
    @Test func `bytes come back, over many loops and connections`() async throws {
        let group = try EventLoopGroup(count: 2)
        let address = try group.listen(on: .loopback()) { _ in EchoHandler() }
        for round in 0..<40 {
            let client = try TestSocket(port: address.port)
            let bytes = [UInt8](repeating: UInt8(round), count: 1 + round * 1_999)
            try client.send(bytes)
            #expect(try client.receive(exactly: bytes.count) == bytes)
        }
        #expect(await group.metrics().accepted == 40)
        await group.stop()
    }

    @Test func `a half-closed peer still gets its answer, then our end`() async throws {
        let group = try EventLoopGroup()
        let address = try group.listen(on: .loopback()) { _ in EchoHandler() }
        let client = try TestSocket(port: address.port)
        try client.send("last words")
        client.endOutput()
        #expect(try client.receiveTextToEnd() == "last words")
        await group.stop()
    }

    @Test func `output to a slow reader waits, in order, and the writer is told when to go on`() async throws {
        var configuration = EventLoopConfiguration()
        // The reader is slow on purpose, and slower on a busy machine.
        configuration.sendTimeout = .seconds(600)
        let group = try EventLoopGroup(configuration: configuration)
        let log = HandlerLog()
        let total = 8 << 20
        let shared = SharedBytes([UInt8](repeating: 7, count: 4_096))
        let address = try group.listen(on: .loopback()) { _ in
            ClosureHandler(log) { _, stream in
                var written = 0
                while written < total {
                    stream.write { $0.append([UInt8](repeating: UInt8(written >> 16), count: 61_440)) }
                    stream.write(shared)
                    written += 65_536
                }
                log.note("writable \(stream.isWritable)")
            }
        }
        let client = try TestSocket(port: address.port, receiveBuffer: 4_096)
        try client.send("go")
        await log.wait(for: "writable false")
        var received = 0
        while received < total {
            let block = try client.receive(exactly: 65_536)
            try #require(block.count == 65_536)
            #expect(block[0] == UInt8(received >> 16) && block[61_439] == block[0])
            #expect(block[61_440] == 7 && block[65_535] == 7)
            received += 65_536
        }
        await log.wait(for: "drained")
        #expect(await group.metrics().highWaterMarks == 1)
        await group.stop()
    }

    @Test func `a peer that takes no output is cut off in time`() async throws {
        var configuration = EventLoopConfiguration()
        configuration.sendTimeout = .milliseconds(80)
        let group = try EventLoopGroup(configuration: configuration)
        let log = HandlerLog()
        let address = try group.listen(on: .loopback()) { _ in
            ClosureHandler(log) { _, stream in stream.write { $0.append([UInt8](repeating: 1, count: 16 << 20)) } }
        }
        let client = try TestSocket(port: address.port, receiveBuffer: 4_096)
        try client.send("go")
        await log.wait(for: "closed sendTimeout")
        #expect(await group.metrics().sendTimeouts == 1)
        withExtendedLifetime(client) {}
        await group.stop()
    }

    @Test func `a paused reader takes no more than the kernel holds`() async throws {
        let group = try EventLoopGroup()
        let loop = group.loops[0]
        let log = HandlerLog()
        let address = try group.listen(on: .loopback()) { stream in
            ClosureHandler(log) { bytes, stream in
                log.note("bytes \(bytes.count)")
                guard log.notes.count == 1 else { return }
                stream.pauseReading()
                loop.timer {
                    log.note("resumed")
                    stream.resumeReading()
                }.set(after: 40_000_000)
            }
        }
        let client = try TestSocket(port: address.port)
        try client.send("a")
        await log.wait(for: "bytes 1")
        try client.send("bb")
        await log.wait(for: "bytes 2")
        #expect(log.notes == ["bytes 1", "resumed", "bytes 2"])
        await group.stop()
    }

    @Test func `unsent output can be dropped without cutting a piece`() async throws {
        let group = try EventLoopGroup()
        let log = HandlerLog()
        let pieces = (0..<400).map { SharedBytes([UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: 50_000)) }
        let address = try group.listen(on: .loopback()) { stream in
            ClosureHandler(log) { bytes, stream in
                guard bytes[0] == UInt8(ascii: "d") else {
                    for piece in pieces { stream.write(piece) }
                    return log.note("written")
                }
                stream.dropUnsentOutput()
                stream.write { $0.append("end") }
                stream.closeAfterFlush()
                log.note("dropped")
            }
        }
        let client = try TestSocket(port: address.port, receiveBuffer: 4_096)
        try client.send("w")
        await log.wait(for: "written")
        try client.send("d")
        await log.wait(for: "dropped")
        let all = try client.receiveToEnd()
        #expect((all.count - 3) % 50_000 == 0 && all.count < 20_000_000)
        #expect(all.suffix(3).elementsEqual("end".utf8))
        await group.stop()
    }

    @Test func `clients beyond the limit wait until there is room`() async throws {
        var configuration = EventLoopConfiguration()
        configuration.maximumStreams = 2
        let group = try EventLoopGroup(configuration: configuration)
        let address = try group.listen(on: .loopback()) { _ in EchoHandler() }
        var first: TestSocket? = try TestSocket(port: address.port)
        let second = try TestSocket(port: address.port)
        for client in [first!, second] {
            try client.send("x")
            _ = try client.receive(exactly: 1)
        }
        let third = try TestSocket(port: address.port)
        try third.send("y")
        #expect(try await group.loops[0].run { group.loops[0].openStreams } == 2)
        first = nil
        #expect(try third.receiveText(exactly: 1) == "y")
        #expect(await group.metrics().acceptsDeferred >= 1)
        await group.stop()
    }

    @Test func `an address has its share of the streams, but for those that are many`() async throws {
        var configuration = EventLoopConfiguration()
        configuration.maximumStreamsPerAddress = 2
        let group = try EventLoopGroup(configuration: configuration)
        let address = try group.listen(on: .loopback()) { _ in EchoHandler() }
        func echoes(_ client: TestSocket) throws -> Bool {
            try client.send("x")
            return (try? client.receive(exactly: 1).count) == 1
        }
        var first: TestSocket? = try TestSocket(port: address.port)
        let second = try TestSocket(port: address.port)
        for client in [first!, second] { #expect(try echoes(client)) }
        let third = try TestSocket(port: address.port)
        #expect((try? third.receiveToEnd().isEmpty) ?? true)
        #expect(await group.metrics().acceptsRefused == 1)
        first = nil
        try await eventually { try await group.loops[0].run { group.loops[0].openStreams } == 1 }
        #expect(try echoes(try TestSocket(port: address.port)))
        await group.stop()
        configuration.isShared = { $0.host == "127.0.0.1" }
        let proxied = try EventLoopGroup(configuration: configuration)
        let other = try proxied.listen(on: .loopback()) { _ in EchoHandler() }
        let clients = try (0..<4).map { _ in try TestSocket(port: other.port) }
        for client in clients { #expect(try echoes(client)) }
        await proxied.stop()
    }

    @Test func `networks are what clients have`() throws {
        func network(_ text: String) -> SocketAddress? { SocketAddress(text, port: 9)?.network }
        #expect(network("192.0.2.1") != network("192.0.2.2"))
        #expect(network("2001:db8::1") == network("2001:db8:0:0:ffff::2"))
        #expect(network("2001:db8::1") != network("2001:db8:0:1::1"))
        #expect(network("::ffff:192.0.2.1") != network("::ffff:192.0.2.2"))
    }

    @Test func `whoever still sends reads the answer that came early`() async throws {
        var configuration = EventLoopConfiguration()
        configuration.lingerTimeout = .milliseconds(100)
        let group = try EventLoopGroup(configuration: configuration)
        let log = HandlerLog()
        let address = try group.listen(on: .loopback()) { _ in
            ClosureHandler(log) { _, stream in
                stream.write { $0.append("enough") }
                stream.closeAfterFlush()
            }
        }
        let client = try TestSocket(port: address.port)
        for _ in 0..<20 {
            try client.send([UInt8](repeating: 1, count: 10_000))
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try client.receiveText(exactly: 6) == "enough")
        await group.stop()
    }

    @Test func `a port in use is an error`() async throws {
        let group = try EventLoopGroup()
        let address = try group.listen(on: .loopback()) { _ in EchoHandler() }
        #expect(throws: SystemError.self) { try group.listen(on: address) { _ in EchoHandler() } }
        await group.stop()
    }

    @Test(arguments: ["127.0.0.1", "0.0.0.0", "::1", "2001:db8::7"])
    func `addresses are read and written`(text: String) throws {
        let address = try #require(SocketAddress(text, port: 80))
        #expect(address.host == text)
        #expect(SocketAddress("localhost", port: 80) == nil)
    }
}
