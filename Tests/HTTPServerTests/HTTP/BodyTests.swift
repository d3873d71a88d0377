import CZlib
import EventLoop
import HTTPServer
import SocketTesting
import Synchronization
import Testing
import WaitTesting

@Suite(.timeLimit(.minutes(3))) struct BodyTests {
    @Test func `a streamed response is chunked, or ends with the connection for HTTP 1.0`() async throws {
        let server = try TestServer(
            ClosureHandler { _, responder in
                responder.startTask { responder in
                    let body = responder.stream(.ok)
                    for piece in ["one", "", "two", "three"] {
                        body.write(piece)
                        await Task.yield()
                    }
                    body.finish()
                }
            }
        )
        let client = try server.client()
        for _ in 0..<2 {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try TestResponse(from: client)
            #expect(response["transfer-encoding"] == "chunked" && response.text == "onetwothree")
        }
        try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let old = try TestResponse(from: client)
        #expect(old["transfer-encoding"] == nil && old["connection"] == "close" && old.text == "onetwothree")
        let head = try server.client()
        try head.send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(try head.receiveTextToEnd().hasSuffix("\r\n\r\n"))
        await server.stop()
    }

    @Test func `a streamed response waits for a slow reader`() async throws {
        let notes = Notes()
        let server = try TestServer(
            ClosureHandler { _, responder in
                responder.startTask { responder in
                    let body = responder.stream(.ok, contentLength: 20_000_000)
                    for number in 0..<400 {
                        do { try await body.writable() } catch {
                            return notes.add("gone \(notes.all.contains("gone 1") ? 2 : 1)")
                        }
                        body.write([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 50_000))
                        if number == 100 { notes.add("a hundred") }
                    }
                    body.finish()
                }
            }
        )
        let client = try server.client(receiveBuffer: 4_096)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in 0..<50 { try await server.group.loops[0].run {} }
        #expect(!notes.all.contains("a hundred"))
        let body = try TestResponse(from: client).body
        #expect(body.count == 20_000_000)
        for number in 0..<400 where body[number * 50_000] != UInt8(truncatingIfNeeded: number) {
            Issue.record("piece \(number) is out of place")
        }
        for (leave, note) in [({ $0.endOutput() }, "gone 1"), ({ $0.reset() }, "gone 2")]
            as [((TestSocket) -> Void, String)]
        {
            let leaver = try server.client(receiveBuffer: 4_096)
            try leaver.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try leaver.receive(exactly: 100)
            leave(leaver)
            await notes.wait(for: note)
        }
        await server.stop()
    }

    @Test(arguments: [("less", "12"), ("more", "1234567"), ("none", "")])
    func `a streamed body that breaks its promise is cut`(name: String, text: String) async throws {
        let server = try TestServer(
            ClosureHandler { _, responder in
                let body = responder.stream(.ok, contentLength: 5)
                body.write(text)
                if !text.isEmpty { body.finish() }
            }
        )
        let client = try server.client()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let all = try client.receiveTextToEnd()
        #expect(!all.contains("1234567"))
        await server.stop()
    }

    @Test func `a streamed request arrives piece by piece, with back-pressure`() async throws {
        let notes = Notes()
        let handler = ClosureHandler(policy: .stream(maximum: 100 << 20)) { request, responder in
            responder.startTask { responder in
                guard let body = request.bodyStream else { return responder.respond(.ok, text: "no body") }
                notes.add("begun")
                if request.path.equals("/slow") { try? await responder.loop.sleep(for: .milliseconds(60)) }
                var (count, sum) = (0, 0)
                do {
                    while let piece = try await body.next() {
                        count += piece.count
                        sum += piece.reduce(0) { $0 + Int($1) }
                    }
                    responder.respond(.ok, text: "\(count) \(sum)")
                } catch {
                    notes.add("\(error)")
                }
            }
        }
        let server = try TestServer(handler)
        let client = try server.client()
        let block = [UInt8](repeating: 3, count: 1 << 20)
        try client.send("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: \(8 << 20)\r\n\r\n")
        for _ in 0..<8 { try client.send(block) }
        #expect(try TestResponse(from: client).text == "\(8 << 20) \(24 << 20)")
        #expect(await server.server.metrics().readPauses >= 1)
        try client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        #expect(try TestResponse(from: client).text == "3 294")
        #expect(try TestResponse(from: client).text == "no body")
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX")
        #expect(try client.receiveTextToEnd().hasPrefix("HTTP/1.1 400"))
        await notes.wait(for: "refused(HTTPServer.HTTPViolation.badChunkEnd)")
        let leaver = try server.client()
        try leaver.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        leaver.endOutput()
        await notes.wait(for: "clientClosed")
        await server.stop()
    }

    @Test func `leave to send is not written into an answer that has begun`() async throws {
        let handler = ClosureHandler(policy: .stream()) { request, responder in
            responder.startTask { responder in
                let answer = responder.stream(.ok)
                answer.write("begun ")
                while let piece = try? await request.bodyStream?.next() { answer.write(piece) }
                answer.finish()
            }
        }
        let server = try TestServer(handler)
        let client = try server.client()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc")
        #expect(try TestResponse(from: client).text == "begun abc")
        await server.stop()
    }

    @Test func `an answer before the end of the body closes the connection`() async throws {
        let handler = ClosureHandler(policy: .stream()) { _, responder in responder.respond(.forbidden) }
        let server = try TestServer(handler)
        let client = try server.client()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n")
        let response = try TestResponse(from: client)
        #expect(response.status == 403 && response["connection"] == "close")
        #expect(try client.receiveToEnd().isEmpty)
        await server.stop()
    }

    @Test func `a length without measure is streamed until the handler has had enough`() async throws {
        let handler = ClosureHandler(policy: .stream(maximum: .max)) { request, responder in
            responder.startTask { responder in
                let piece = try? await request.bodyStream?.next()
                responder.respond(.contentTooLarge, text: String(decoding: piece ?? [], as: UTF8.self))
            }
        }
        let server = try TestServer(handler)
        let client = try server.client()
        try client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: \(Int.max)\r\n\r\nabc")
        let response = try TestResponse(from: client)
        #expect(response.status == 413 && response.text == "abc")
        await server.stop()
    }

    @Test(arguments: ["answered early", "refused in the middle"])
    func `nothing is left of an upload that ended before its body`(how: String) async throws {
        let marks = Marks()
        let handler = ClosureHandler(policy: .stream(maximum: 10)) { request, responder in
            // As handlers do, it holds what leads back to the connection.
            let mark = marks.add()
            responder.onDisconnect { withExtendedLifetime((responder, mark)) {} }
            responder.startTask { responder in
                if how == "answered early" { return responder.respond(.forbidden) }
                while (try? await request.bodyStream?.next()) != nil {}
            }
        }
        let server = try TestServer(handler)
        for _ in 0..<5 {
            let client = try server.client()
            let isEarly = how == "answered early"
            let body = isEarly ? "Content-Length: 10\r\n\r\nabc" : "Transfer-Encoding: chunked\r\n\r\nfff\r\n"
            try client.send("POST / HTTP/1.1\r\nHost: a\r\n" + body)
            #expect([403, 413].contains(try TestResponse(from: client).status))
            #expect(try client.receiveToEnd().isEmpty)
        }
        try await eventually { await server.server.metrics().openConnections == 0 }
        // The task of an upload that was refused hears of it a turn later.
        for _ in 0..<100 where marks.living > 0 { try await server.group.loops[0].run {} }
        #expect(marks.made == 5 && marks.living == 0)
        await server.stop()
    }

    @Test func `large text is compressed for those who accept it`() async throws {
        let text = String(repeating: "Every line is much like the other.\n", count: 500)
        let server = try TestServer(
            ClosureHandler { request, responder in
                let type: StaticString = request.path.equals("/image") ? "image/png" : "application/json; charset=utf-8"
                responder.respond(
                    .ok,
                    HTTPFields(["content-type": type]),
                    text: request.path.equals("/small") ? "tiny" : text
                )
            }
        )
        let client = try server.client()
        func get(_ path: String, _ accept: String) throws -> TestResponse {
            try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\nAccept-Encoding: \(accept)\r\n\r\n")
            return try TestResponse(from: client)
        }
        for _ in 0..<2 {
            let packed = try get("/", "br, gzip")
            #expect(packed["content-encoding"] == "gzip" && packed["vary"] == "accept-encoding")
            #expect(packed.body.count < text.utf8.count / 10)
            #expect(gunzip(packed.body, room: 100_000) == Array(text.utf8))
        }
        let plain = try get("/", "br")
        #expect(plain["content-encoding"] == nil && plain["vary"] == "accept-encoding" && plain.text == text)
        #expect(try get("/image", "gzip")["content-encoding"] == nil)
        #expect(try get("/small", "gzip").text == "tiny")
        #expect(await server.server.metrics().compressed == 2)
        await server.stop()
    }
}

/// Objects that are to go with what holds them.
private final class Marks: Sendable {
    final class Mark: Sendable {}
    private struct Weak { weak var mark: Mark? }
    private let all = Mutex<[Weak]>([])

    func add() -> Mark {
        let mark = Mark()
        all.withLock { $0.append(Weak(mark: mark)) }
        return mark
    }

    var made: Int { all.withLock { $0.count } }
    var living: Int { all.withLock { $0.count { $0.mark != nil } } }
}

private func gunzip(_ bytes: [UInt8], room: Int) -> [UInt8] {
    var stream = z_stream()
    var input = bytes
    var output = [UInt8](repeating: 0, count: room)
    guard atrium_inflate_init(&stream, 31) == Z_OK else { return [] }
    defer { inflateEnd(&stream) }
    return input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            guard inflate(&stream, Z_FINISH) == Z_STREAM_END else { return [] }
            return Array(target[..<(room - Int(stream.avail_out))])
        }
    }
}
