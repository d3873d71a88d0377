import EventLoop
import HTTPServer
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct ExchangeTests {
    @Test func `a connection is kept for many requests`() async throws {
        let server = try TestServer(mirror, loops: 2)
        let client = try server.client()
        for number in 0..<20 {
            try client.send("POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
            let response = try TestResponse(from: client)
            #expect(response.status == 200 && response.text == "POST /\(number) body")
            #expect(response["date"]?.hasSuffix(" GMT") == true && response["connection"] == nil)
        }
        let metrics = await server.server.metrics()
        #expect(metrics.connections == 1 && metrics.requests == 20 && metrics.responses[2] == 20)
        await server.stop()
    }

    @Test func `pipelined requests are answered in order, whoever answers first`() async throws {
        let server = try TestServer(
            ClosureHandler { request, responder in
                let path = request.path.string
                guard path.hasSuffix("slow") else { return responder.respond(.ok, text: path) }
                responder.startTask { responder in
                    try? await responder.loop.sleep(for: .milliseconds(3))
                    responder.respond(.ok, text: path)
                }
            }
        )
        let client = try server.client()
        let paths = (0..<30).map { "/\($0)\($0 % 3 == 0 ? "slow" : "")" }
        try client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        for path in paths { #expect(try TestResponse(from: client).text == path) }
        await server.stop()
    }

    @Test func `pipelined requests wait while the client takes no responses`() async throws {
        let body = [UInt8](repeating: 9, count: 100_000)
        let server = try TestServer(ClosureHandler { _, responder in responder.respond(.ok, body: body) })
        let client = try server.client(receiveBuffer: 4_096)
        try client.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 300))
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in 0..<20 { try await server.group.loops[0].run {} }
        let early = await server.server.metrics().requests
        #expect(early < 100)
        for _ in 0..<301 { #expect(try TestResponse(from: client).body.count == 100_000) }
        #expect(await server.server.metrics().requests == 301)
        await server.stop()
    }

    @Test(arguments: ["\r\n", "\r"])
    func `a line end behind a body begins no request`(end: String) async throws {
        var configuration = HTTPServerConfiguration()
        configuration.headTimeout = .milliseconds(50)
        configuration.idleTimeout = .milliseconds(200)
        let server = try TestServer(mirror, configuration)
        let client = try server.client()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx" + end)
        #expect(try TestResponse(from: client).text == "POST / x")
        // It is left without a word as any other that asks for nothing more.
        #expect(try client.receiveToEnd().isEmpty)
        #expect(await server.server.metrics().idleTimeouts == 1)
        let next = try server.client()
        try next.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx\r\n")
        #expect(try TestResponse(from: next).text == "POST / x")
        try next.send("GET /y HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try TestResponse(from: next).text == "GET /y ")
        await server.stop()
    }

    @Test func `OPTIONS for the server as a whole names the methods there are`() async throws {
        let server = try TestServer(HTTPRouter())
        let client = try server.client()
        try client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
        let response = try TestResponse(from: client)
        #expect(response.status == 204 && response["allow"] == "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS")
        await server.stop()
    }

    @Test func `HEAD gets the head of GET and no body`() async throws {
        let server = try TestServer(mirror)
        let client = try server.client()
        try client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try TestResponse(from: client, toHead: true)["content-length"] == "8")
        try client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try TestResponse(from: client).text == "GET /x ")
        await server.stop()
    }

    @Test func `204 and 304 have neither body nor length`() async throws {
        let server = try TestServer(
            ClosureHandler { request, responder in
                responder.respond(request.path.equals("/204") ? .noContent : .notModified, text: "lost")
            }
        )
        let client = try server.client()
        for path in ["204", "304"] {
            try client.send("GET /\(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try TestResponse(from: client)
            #expect(response.status == Int(path) && response["content-length"] == nil)
        }
        try client.send("GET /204 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(try !client.receiveTextToEnd().contains("lost"))
        await server.stop()
    }

    @Test func `the connection ends when either side wants it to`() async throws {
        let server = try TestServer(mirror)
        for (head, field) in [
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "close"),
            ("GET / HTTP/1.0\r\n\r\n", "close"),
        ] {
            let client = try server.client()
            try client.send(head)
            #expect(try TestResponse(from: client)["connection"] == field)
            #expect(try client.receiveToEnd().isEmpty)
        }
        let client = try server.client()
        for _ in 0..<2 {
            try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try TestResponse(from: client)["connection"] == "keep-alive")
        }
        await server.stop()
    }

    @Test func `a client that asks first is told to send its body`() async throws {
        let server = try TestServer(mirror)
        let client = try server.client()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        #expect(try TestResponse(from: client).status == 100)
        try client.send("hi")
        #expect(try TestResponse(from: client).text == "POST / hi")
        await server.stop()
    }

    @Test func `a client that asks first with too large a body is refused`() async throws {
        var configuration = HTTPServerConfiguration()
        configuration.maximumBody = 10
        let server = try TestServer(mirror, configuration)
        let client = try server.client()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.receiveTextToEnd().hasPrefix("HTTP/1.1 413 "))
        #expect(await server.server.metrics()[.bodyTooLarge] == 1)
        await server.stop()
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", 400), ("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505), ("GET /\(String(repeating: "a", count: 9_000))", 414),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 9_000))", 431),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417),
    ])
    func `a refusal has its status, then the end`(text: String, status: Int) async throws {
        let server = try TestServer(mirror)
        let client = try server.client()
        try client.send(text)
        let response = try TestResponse(from: client)
        #expect(response.status == status && response["connection"] == "close")
        #expect(try client.receiveToEnd().isEmpty)
        await server.stop()
    }

    @Test func `a refusal reaches a client that is still sending`() async throws {
        let server = try TestServer(mirror)
        let client = try server.client()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n")
        do { for _ in 0..<20 { try client.send([UInt8](repeating: 1, count: 65_536)) } } catch {}
        #expect(try client.receiveText(exactly: 12) == "HTTP/1.1 413")
        await server.stop()
    }

    @Test func `a handler that forgets to answer costs the client nothing but a 500`() async throws {
        let server = try TestServer(
            ClosureHandler { request, responder in
                if request.path.equals("/task") { responder.startTask { _ in await Task.yield() } }
            }
        )
        let client = try server.client()
        for path in ["/", "/task"] {
            try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try TestResponse(from: client).status == 500)
        }
        #expect(await server.server.metrics().unanswered == 2)
        await server.stop()
    }

    @Test func `a client that leaves cancels the work for it`() async throws {
        let notes = Notes()
        let server = try TestServer(
            ClosureHandler { request, responder in
                responder.onDisconnect { notes.add("told") }
                responder.startTask { responder in
                    notes.add("begun")
                    do { try await responder.loop.sleep(for: .seconds(3_600)) } catch { notes.add("cancelled") }
                }
            }
        )
        for leave in [{ $0.endOutput() }, { $0.reset() }] as [(TestSocket) -> Void] {
            let client = try server.client()
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            await notes.wait(for: "begun")
            leave(client)
            await notes.wait(for: "cancelled")
        }
        await notes.wait(for: "told")
        await server.stop()
    }

    @Test func `an answered request is not answered again`() async throws {
        let server = try TestServer(
            ClosureHandler { request, responder in
                responder.respond(.ok, text: "one")
                responder.respond(.ok, text: "two")
                #expect(!responder.isWaiting && !responder.stream(.ok).isOpen)
            }
        )
        let client = try server.client()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let text = try client.receiveTextToEnd()
        #expect(text.hasSuffix("one") && !text.contains("two"))
        await server.stop()
    }

    @Test func `the same server speaks TLS`() async throws {
        let server = try TestServer(
            ClosureHandler { request, responder in
                responder.respond(.ok, text: "encrypted \(request.isEncrypted)")
            }
        )
        let certificate = try TestCertificate(commonName: "a")
        let context = try TLSContext(certificateFile: certificate.certificateFile, keyFile: certificate.keyFile)
        let port = try server.server.listen(on: .loopback(), tls: context).port
        let client = try TestTLSSocket(port: port, protocols: ["http/1.1"])
        try client.send(Array("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8))
        let text = String(decoding: try client.receive(exactly: 10_000), as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 200 OK") && text.hasSuffix("encrypted true"))
        await server.stop()
    }

    @Test func `the access log tells of answers and refusals`() async throws {
        let notes = Notes()
        var configuration = HTTPServerConfiguration()
        configuration.accessLog = { record in
            let target = record.request?.target.string ?? "-"
            notes.add("\(target) \(record.status.code) \(record.bodyBytes) \(record.nanoseconds > 0)")
        }
        let server = try TestServer(mirror, configuration)
        let client = try server.client()
        try client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nbad\r\n\r\n")
        _ = try client.receiveToEnd()
        #expect(notes.all == ["/a 200 7 true", "- 400 0 true"])
        await server.stop()
    }
}
