import EventLoop
import OutboundHTTP
import SocketTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct OutboundClientTests {
    @Test func `a request arrives as it was made, and so does its answer`() async throws {
        try await OutboundServer.with { server in
            var request = server.request("POST", "/a?b=c")
            request.fields = [("content-type", "application/json"), ("x-test", "yes; no")]
            request.body = Array("{\"a\":1}".utf8)
            let response = try await server.send(request)
            #expect(response.status == 200)
            #expect(response["x-answer"] == "yes")
            #expect(
                String(decoding: response.body, as: UTF8.self)
                    == "POST /a?b=c content-type=application/json expect=- x-test=yes; no user-agent=atrium {\"a\":1}"
            )
        }
    }

    @Test(arguments: ["GET", "PUT", "PATCH", "DELETE", "POST"])
    func `nothing is added to a request without a body`(method: String) async throws {
        try await OutboundServer.with { server in
            let body = try await server.send(server.request(method)).body
            #expect(
                String(decoding: body, as: UTF8.self)
                    == "\(method) / content-type=- expect=- x-test=- user-agent=atrium "
            )
        }
    }

    @Test func `of a HEAD request only the head is answered`() async throws {
        try await OutboundServer.with { server in
            let response = try await server.send(server.request("HEAD"))
            #expect(response.status == 200 && response.body.isEmpty && response["x-answer"] == "yes")
        }
    }

    @Test func `statuses are answers, and redirects are not followed`() async throws {
        let handler = ServerHandler()
        try await OutboundServer.with(handler: handler) { server in
            let broken = try await server.send(server.request("GET", "/broken"))
            #expect(broken.status == 503)
            let response = try await server.send(server.request("GET", "/redirect"))
            #expect(response.status == 303 && response["location"] == "/")
            #expect(handler.count == 2)
        }
    }

    @Test func `an answer that is longer than wanted is given up`() async throws {
        try await OutboundServer.with { server in
            var request = server.request("GET", "/large")
            request.maximumBytes = (1 << 20) - 1
            #expect(await server.fault(request) == .tooLarge)
            request.maximumBytes = 1 << 20
            let body = try await server.send(request).body
            #expect(body.count == 1 << 20)
        }
    }

    @Test func `a server that does not answer is left at the deadline`() async throws {
        try await OutboundServer.with { server in
            var request = server.request("GET", "/never")
            request.deadline = .milliseconds(50)
            #expect(await server.fault(request) == .deadlineExceeded)
            #expect(await server.client.metrics().running == 0)
        }
    }

    @Test func `where nobody listens there is no answer`() async throws {
        let port = try await unusedPort()
        try await OutboundServer.with { server in
            var request = OutboundRequest("GET", "http://127.0.0.1:\(port)/")
            request.reach = .anywhere
            #expect(await server.fault(request) == .unreachable)
        }
    }

    private func unusedPort() async throws -> UInt16 {
        let server = try OutboundServer(handler: ServerHandler())
        await server.group.stop()
        return server.port
    }

    @Test(arguments: [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",
    ])
    func `an address of people leads to no private place, however it is written`(host: String) async throws {
        let handler = ServerHandler()
        try await OutboundServer.with(handler: handler) { server in
            let fault = await server.fault(OutboundRequest("GET", "http://\(host):\(server.port)/"))
            #expect(fault == .refusedAddress, "\(host)")
            #expect(handler.count == 0)
        }
    }

    @Test func `a connection that was kept opens no private place either`() async throws {
        let handler = ServerHandler()
        try await OutboundServer.with(handler: handler) { server in
            var request = server.request()
            _ = try await server.send(request)
            request.reach = .publicOnly
            #expect(await server.fault(request) == .refusedAddress)
            #expect(handler.count == 1)
        }
    }

    @Test(arguments: [
        "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "smtp://127.0.0.1/", "http:///", "127.0.0.1",
        "http://user:secret@127.0.0.1/", "http://a\\@b/", "http://a b/", "http://a\r\nhost: b/", "http://ä/", "",
    ])
    func `only addresses of the web are asked`(url: String) async throws {
        try await OutboundServer.with { server in
            #expect(await server.fault(OutboundRequest("GET", url)) == .invalidRequest)
        }
    }

    @Test(arguments: [
        ("a\r\nb", "c"), ("a", "b\r\nc: d"), ("a", "b\nc"), ("a", "b\0c"), ("a b", "c"), ("", "c"), ("a:", "c"),
    ])
    func `a field cannot become two`(name: String, value: String) async throws {
        try await OutboundServer.with { server in
            var request = server.request()
            request.fields = [(name, value)]
            #expect(await server.fault(request) == .invalidRequest)
        }
    }

    @Test func `of many requests some wait, and those for whom there is no room are refused`() async throws {
        let handler = ServerHandler()
        try await OutboundServer.with(change: { ($0.concurrency, $0.queue) = (2, 1) }, handler: handler) { server in
            let held = server.request("GET", "/never")
            let client = server.client
            let faults = try await server.onLoop {
                try await withThrowingTaskGroup(of: OutboundFault?.self) { tasks in
                    for _ in 0..<4 {
                        tasks.addTask {
                            do { _ = try await client.send(held) } catch { return error as? OutboundFault }
                            return nil
                        }
                    }
                    // The fourth is refused at once; the others only when the client is closed.
                    let first = try await tasks.next()
                    await client.close()
                    var faults = [first ?? nil]
                    for try await fault in tasks { faults.append(fault) }
                    return faults
                }
            }
            #expect(faults == [.busy, .closed, .closed, .closed])
        }
    }

    @Test func `whose deadline passes before its turn tells nothing of the server`() async throws {
        try await OutboundServer.with(change: { ($0.concurrency, $0.circuit.failures) = (1, 1) }) { server in
            let (held, next) = (server.request("GET", "/never"), server.request())
            let (client, loop) = (server.client, server.group.loops[0])
            let fault = try await server.onLoop {
                let holding = loop.startTask { try? await client.send(held).status }
                var late = next
                late.deadline = .milliseconds(50)
                var fault: OutboundFault?
                do { _ = try await client.send(late) } catch { fault = error as? OutboundFault }
                holding.cancel()
                _ = await holding.value
                return fault
            }
            #expect(fault == .busy)
            #expect(try await server.send(server.request()).status == 200)
        }
    }

    @Test func `who is cancelled makes room for the next`() async throws {
        try await OutboundServer.with(change: { $0.concurrency = 1 }) { server in
            let (held, next) = (server.request("GET", "/never"), server.request())
            let (client, loop) = (server.client, server.group.loops[0])
            let status = try await server.onLoop {
                let task = loop.startTask { try? await client.send(held).status }
                async let status = client.send(next).status
                task.cancel()
                _ = await task.value
                return try await status
            }
            #expect(status == 200)
            #expect(await client.metrics().cancelled == 1)
        }
    }

    @Test func `a server that fails again and again is left alone`() async throws {
        let handler = ServerHandler()
        try await OutboundServer.with(change: { $0.circuit.opensFor = .seconds(3_600) }, handler: handler) { server in
            for _ in 0..<5 { _ = try await server.send(server.request("GET", "/broken")) }
            #expect(await server.fault(server.request()) == .circuitOpen)
            #expect(handler.count == 5)
            let metrics = await server.client.metrics()
            #expect(metrics.openCircuits == 1 && metrics.answered == 5)
            #expect(metrics.failed.first { $0.word == "circuit_open" }?.count == 1)
        }
    }

    @Test func `a certificate must be of somebody trusted, and of this host`() async throws {
        let certificate = try TestCertificate(commonName: "localhost")
        let tls = try TLSContext(certificateFile: certificate.certificateFile, keyFile: certificate.keyFile)
        func request(_ host: String, _ server: OutboundServer) -> OutboundRequest {
            var request = OutboundRequest("GET", "https://\(host):\(server.port)/")
            request.reach = .anywhere
            return request
        }
        try await OutboundServer.with(tls: tls) { server in
            #expect(await server.fault(request("localhost", server)) == .untrusted)
        }
        try await OutboundServer.with(change: { $0.authorities = certificate.certificateFile }, tls: tls) { server in
            let response = try await server.send(request("localhost", server))
            #expect(response.status == 200)
            #expect(await server.fault(request("127.0.0.1", server)) == .untrusted)
        }
    }
}
