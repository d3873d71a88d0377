import EventLoop
import Glibc
import HTTPServer
import SocketTesting
import Testing
import WaitTesting

@Suite(.timeLimit(.minutes(3))) struct TimeoutTests {
    private var short: HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.headTimeout = .milliseconds(60)
        configuration.idleTimeout = .milliseconds(60)
        configuration.bodyGrace = .milliseconds(60)
        return configuration
    }

    @Test func `a head that does not end in time is refused`() async throws {
        let server = try TestServer(mirror, short)
        let client = try server.client()
        try client.send("GET / HTTP/1.1\r\nHost:")
        #expect(try TestResponse(from: client).status == 408)
        #expect(try client.receiveToEnd().isEmpty)
        #expect(await server.server.metrics()[.headTimeout] == 1)
        await server.stop()
    }

    @Test func `a head sent byte by byte runs out of time all the same`() async throws {
        let server = try TestServer(mirror, short)
        let client = try server.client()
        for byte in "GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 60))".utf8 {
            try client.send([byte])
            usleep(3_000)
        }
        #expect(try TestResponse(from: client).status == 408)
        await server.stop()
    }

    @Test func `a client that says nothing is left without a word`() async throws {
        let server = try TestServer(mirror, short)
        let silent = try server.client()
        #expect(try silent.receiveToEnd().isEmpty)
        let idle = try server.client()
        try idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try TestResponse(from: idle).status == 200)
        #expect(try idle.receiveToEnd().isEmpty)
        #expect(await server.server.metrics().idleTimeouts == 2)
        await server.stop()
    }

    @Test func `whoever reads a long answer is not idle`() async throws {
        let server = try TestServer(
            ClosureHandler { _, responder in
                responder.respond(.ok) { $0.append([UInt8](repeating: 0x78, count: 16 << 20)) }
            },
            short
        )
        let client = try server.client(receiveBuffer: 65_536)
        for _ in 0..<2 {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            // Longer than a client may be idle.
            try await Task.sleep(for: .milliseconds(200))
            #expect(try TestResponse(from: client).body.count == 16 << 20)
        }
        #expect(try client.receiveToEnd().isEmpty)
        #expect(await server.server.metrics().idleTimeouts == 1)
        await server.stop()
    }

    @Test func `a body that falls silent, or trickles, is refused`() async throws {
        var configuration = short
        configuration.bodyMinimumRate = 10_000
        let server = try TestServer(mirror, configuration)
        let silent = try server.client()
        try silent.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
        #expect(try TestResponse(from: silent).status == 408)
        let trickling = try server.client()
        try trickling.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n")
        for _ in 0..<60 {
            try trickling.send([1])
            usleep(3_000)
        }
        #expect(try TestResponse(from: trickling).status == 408)
        #expect(await server.server.metrics()[.bodyTimeout] == 2)
        await server.stop()
    }

    @Test func `a body that keeps the pace may take as long as it needs`() async throws {
        var configuration = short
        configuration.bodyGrace = .milliseconds(250)
        configuration.bodyMinimumRate = 400
        let server = try TestServer(mirror, configuration)
        let client = try server.client()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 600\r\n\r\n")
        for _ in 0..<6 {
            usleep(50_000)
            try client.send([UInt8](repeating: 65, count: 100))
        }
        #expect(try TestResponse(from: client).status == 200)
        await server.stop()
    }

    @Test func `who waits for leave to send loses no time`() async throws {
        let handler = ClosureHandler(policy: .stream()) { request, responder in
            responder.startTask { responder in
                // Longer than a body may be silent.
                try? await responder.loop.sleep(for: .milliseconds(200))
                var count = 0
                while let piece = try? await request.bodyStream?.next() { count += piece.count }
                responder.respond(.ok, text: "\(count)")
            }
        }
        let server = try TestServer(handler, short)
        let client = try server.client()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        #expect(try TestResponse(from: client).status == 100)
        try client.send("abc")
        #expect(try TestResponse(from: client).text == "3")
        // With leave, the time runs.
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        #expect(try TestResponse(from: client).status == 100)
        #expect(try TestResponse(from: client).status == 408)
        await server.stop()
    }

    @Test func `a client that reads nothing is cut off`() async throws {
        var streams = EventLoopConfiguration()
        streams.sendTimeout = .milliseconds(80)
        let notes = Notes()
        let server = try TestServer(
            ClosureHandler { _, responder in
                responder.startTask { responder in
                    let body = responder.stream(.ok)
                    while body.isOpen {
                        do { try await body.writable() } catch { return notes.add("gone") }
                        body.write([UInt8](repeating: 0, count: 50_000))
                    }
                }
            },
            streams: streams
        )
        let client = try server.client(receiveBuffer: 4_096)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await notes.wait(for: "gone")
        #expect(await server.group.metrics().sendTimeouts == 1)
        withExtendedLifetime(client) {}
        await server.stop()
    }

    @Test func `a client that reads a trickle is cut off`() async throws {
        var streams = EventLoopConfiguration()
        streams.sendTimeout = .milliseconds(300)
        streams.sendMinimumRate = 1 << 30
        let server = try TestServer(
            ClosureHandler { _, responder in
                responder.startTask { responder in
                    let body = responder.stream(.ok)
                    while (try? await body.writable()) != nil { body.write([UInt8](repeating: 0, count: 50_000)) }
                }
            },
            streams: streams
        )
        let client = try server.client(receiveBuffer: 4_096)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let clock = ContinuousClock()
        let limit = clock.now + .seconds(20)
        while clock.now < limit,
            try await server.group.loops[0].run({ server.group.loops[0].metrics.sendTimeouts }) == 0
        {
            _ = try? client.receive()
            usleep(2_000)
        }
        #expect(await server.group.metrics().sendTimeouts == 1)
        await server.stop()
    }

    @Test func `a drain answers what is under way, and one late request, then ends`() async throws {
        let notes = Notes()
        var configuration = HTTPServerConfiguration()
        configuration.drainGrace = .seconds(2)
        let server = try TestServer(
            ClosureHandler { request, responder in
                guard request.path.equals("/slow") else { return responder.respond(.ok, text: "fast") }
                responder.startTask { responder in
                    notes.add("begun")
                    await notes.wait(for: "draining")
                    responder.respond(.ok, text: "slow")
                }
            },
            configuration
        )
        let (busy, late, idle) = (try server.client(), try server.client(), try server.client())
        for client in [late, idle] {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try TestResponse(from: client)
        }
        try busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        await notes.wait(for: "begun")
        let group = server.group
        let draining = Task { await group.drain(within: .seconds(20)) }
        try await eventually { (try? server.client()) == nil }
        notes.add("draining")
        try late.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for (client, text) in [(late, "fast"), (busy, "slow")] {
            let response = try TestResponse(from: client)
            #expect(response.text == text && response["connection"] == "close")
            #expect(try client.receiveToEnd().isEmpty)
            client.endOutput()
        }
        #expect(try idle.receiveToEnd().isEmpty)
        idle.endOutput()
        await draining.value
    }
}
