import EventLoop
import HTTPServer
import SocketTesting
import Testing
import WaitTesting

@Suite(.timeLimit(.minutes(3))) struct WebSocketTests {
    /// Sends back what it receives, and notes how it ended.
    final class Echo: WebSocketHandler, Sendable {
        let notes: Notes
        init(_ notes: Notes) { self.notes = notes }
        func received(text: UnsafeRawBufferPointer, on socket: WebSocket) { socket.send(text: text) }
        func received(binary: UnsafeRawBufferPointer, on socket: WebSocket) { socket.send(binary: binary) }
        func closed(_ end: WebSocketEnd, on socket: WebSocket) { notes.add("\(end)") }
    }

    fileprivate func echo(_ notes: Notes = Notes(), _ options: WebSocketOptions = WebSocketOptions()) -> ClosureHandler
    {
        ClosureHandler { request, responder in
            WebSocket.accept(request, responder, options) { _ in Echo(notes) }
        }
    }

    fileprivate func connect(_ server: TestServer, _ fields: String = "") throws -> (TestSocket, TestResponse) {
        let socket = try server.client()
        try socket.send(
            "GET /live HTTP/1.1\r\nHost: a:80\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\(fields)\r\n"
        )
        return (socket, try TestResponse(from: socket))
    }

    @Test func `a handshake is answered as in the specification, and messages come back`() async throws {
        let notes = Notes()
        let server = try TestServer(echo(notes))
        let (socket, response) = try connect(server)
        #expect(response.status == 101 && response["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(response["connection"] == "upgrade" && response["upgrade"] == "websocket")
        try socket.send(clientFrame(1, "hello") + clientFrame(9, "p") + clientFrame(2, [1, 2]))
        #expect(try ServerFrame(from: socket) == ServerFrame(0x81, "hello"))
        #expect(try ServerFrame(from: socket) == ServerFrame(0x8a, "p"))
        #expect(try ServerFrame(from: socket) == ServerFrame(0x82, [1, 2]))
        try socket.send(clientFrame(8, [0x0f, 0xa0] + Array("done".utf8)))
        #expect(try ServerFrame(from: socket).closeCode == 4000)
        #expect(try socket.receiveToEnd().isEmpty)
        await notes.wait(for: "\(WebSocketEnd.client(4000, reason: "done"))")
        let metrics = await server.server.metrics()
        #expect(metrics.webSockets.opened == 1 && metrics.webSockets.open == 0 && metrics.openConnections == 0)
        await server.stop()
    }

    @Test func `what one client brings at once is taken in portions, in its order`() async throws {
        var options = WebSocketOptions()
        options.configuration.maximumTurn = 1_000
        let server = try TestServer(echo(Notes(), options))
        let (socket, _) = try connect(server)
        let texts = (0..<200).map { "\($0) " + String(repeating: "x", count: 90) }
        try socket.send(texts.flatMap { clientFrame(1, $0) })
        for text in texts { #expect(try ServerFrame(from: socket) == ServerFrame(0x81, text)) }
        #expect(await server.server.metrics().webSockets.postponed > 0)
        await server.stop()
    }

    @Test func `each message has its own time, though reads join them`() async throws {
        var options = WebSocketOptions()
        options.configuration.messageTimeout = .milliseconds(150)
        let server = try TestServer(echo(Notes(), options))
        let (socket, _) = try connect(server)
        try socket.send(clientFrame(1, "0", isFinal: false))
        for number in 1...4 {
            try await Task.sleep(for: .milliseconds(60))
            // The end of one and the beginning of the next.
            try socket.send(clientFrame(0, ".") + clientFrame(1, "\(number)", isFinal: false))
            #expect(try ServerFrame(from: socket) == ServerFrame(0x81, "\(number - 1)."))
        }
        #expect(await server.server.metrics().webSockets[.messageTooSlow] == 0)
        await server.stop()
    }

    @Test func `after the close frame what inflates is taken in portions, too`() async throws {
        var options = WebSocketOptions()
        options.configuration.maximumTurn = 100_000
        let handler = ClosureHandler { [options] request, responder in
            WebSocket.accept(request, responder, options) { socket in
                socket.close(4000)
                return Echo(Notes())
            }
        }
        let server = try TestServer(handler)
        let (socket, _) = try connect(server, "Sec-WebSocket-Extensions: permessage-deflate\r\n")
        let zeros = clientFrame(2, rawDeflate([UInt8](repeating: 0, count: 100_000)), reserved: 0x40)
        try socket.send([[UInt8]](repeating: zeros, count: 20).flatMap { $0 })
        #expect(try ServerFrame(from: socket).closeCode == 4000)
        try await eventually { await server.server.metrics().webSockets.postponed >= 10 }
        await server.stop()
    }

    @Test func `a message that takes too long is refused, whatever comes between`() async throws {
        var options = WebSocketOptions()
        options.configuration.messageTimeout = .milliseconds(50)
        let server = try TestServer(echo(Notes(), options))
        let (socket, _) = try connect(server)
        try socket.send(clientFrame(1, "begun", isFinal: false) + clientFrame(9, "p"))
        #expect(try ServerFrame(from: socket) == ServerFrame(0x8a, "p"))
        try await Task.sleep(for: .milliseconds(80))
        try socket.send(clientFrame(9, "q"))
        #expect(try ServerFrame(from: socket) == ServerFrame(0x8a, "q"))
        #expect(try ServerFrame(from: socket).closeCode == 1008)
        #expect(await server.server.metrics().webSockets[.messageTooSlow] == 1)
        await server.stop()
    }

    @Test func `frames sent together with the handshake are not lost`() async throws {
        let server = try TestServer(echo())
        let socket = try server.client()
        let head =
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        try socket.send(Array(head.utf8) + clientFrame(1, "early"))
        #expect(try TestResponse(from: socket).status == 101)
        #expect(try ServerFrame(from: socket) == ServerFrame(0x81, "early"))
        await server.stop()
    }

    @Test(arguments: [
        ("Upgrade: websocket", "", 426), ("Connection: upgrade", "", 426),
        ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426),
        ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", 400),
        ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: c2hvcnQ=", 400),
        ("Host: a", "Host: a\r\nOrigin: https://evil.example", 403), ("Host: a", "Host: a\r\nOrigin: null", 403),
        ("Host: a", "Host: a\r\nOrigin: http://A", 101), ("GET", "POST", 405), ("HTTP/1.1", "HTTP/1.0", 426),
    ])
    func `a handshake that is not right is refused`(part: String, other: String, status: Int) async throws {
        let server = try TestServer(echo())
        let socket = try server.client()
        let lines = [
            "GET / HTTP/1.1", "Host: a", "Upgrade: websocket", "Connection: upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ].map { $0.replacing(part, with: other) }.filter { !$0.isEmpty }
        try socket.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        let response = try TestResponse(from: socket)
        #expect(response.status == status)
        if other.contains("Version: 8") { #expect(response["sec-websocket-version"] == "13") }
        if status == 426 {
            #expect(response["upgrade"] == "websocket" && response["connection"]?.hasPrefix("upgrade") == true)
        }
        await server.stop()
    }

    @Test func `the server's first choice among the offered subprotocols is taken`() async throws {
        var options = WebSocketOptions()
        options.subprotocols = ["b", "a"]
        let server = try TestServer(echo(Notes(), options))
        let offers = [
            ("Sec-WebSocket-Protocol: x, a\r\nSec-WebSocket-Protocol: b\r\n", "b"),
            ("Sec-WebSocket-Protocol: x\r\n", nil),
        ]
        for (field, chosen) in offers {
            #expect(try connect(server, field).1["sec-websocket-protocol"] == chosen)
        }
        await server.stop()
    }

    @Test(
        arguments: [
            (clientFrame(1, [0xff]), 1007), (clientFrame(3, []), 1002), (clientFrame(1, [], mask: nil), 1002),
            (clientFrame(8, [3, 0xed]), 1002), ([0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], 1009),
        ] as [([UInt8], Int)]
    )
    func `a broken rule is answered with its code, then the end`(bytes: [UInt8], code: Int) async throws {
        let notes = Notes()
        let server = try TestServer(echo(notes))
        let (socket, _) = try connect(server)
        try socket.send(bytes + clientFrame(1, "ignored"))
        #expect(try ServerFrame(from: socket).closeCode == code)
        #expect(try socket.receiveToEnd().isEmpty)
        #expect(notes.all.count == 1 && notes.all[0].hasPrefix("server"))
        await server.stop()
    }

    @Test func `a close of ours waits for the client's, but not for ever`() async throws {
        let notes = Notes()
        var options = WebSocketOptions()
        options.configuration.closeTimeout = .milliseconds(50)
        let server = try TestServer(
            ClosureHandler { [options] request, responder in
                WebSocket.accept(request, responder, options) { socket in
                    socket.close(4400, reason: String(repeating: "é", count: 100))
                    return Echo(notes)
                }
            }
        )
        let (socket, _) = try connect(server)
        let frame = try ServerFrame(from: socket)
        #expect(frame.closeCode == 4400 && frame.payload.count == 124)
        try socket.send(clientFrame(1, "ignored"))
        #expect(try socket.receiveToEnd().isEmpty)
        #expect(notes.all.count == 1 && notes.all[0].hasPrefix("server"))
        await server.stop()
    }

    @Test func `a client that leaves without a word is lost`() async throws {
        let notes = Notes()
        let server = try TestServer(echo(notes))
        let (socket, _) = try connect(server)
        socket.endOutput()
        await notes.wait(for: "lost")
        await server.stop()
    }

    @Test func `a silent client is asked for a sign of life, then cut off`() async throws {
        let notes = Notes()
        var options = WebSocketOptions()
        options.configuration.pingInterval = .milliseconds(150)
        let server = try TestServer(echo(notes, options))
        let (lively, _) = try connect(server)
        let (silent, _) = try connect(server)
        for _ in 0..<3 {
            #expect(try ServerFrame(from: lively) == ServerFrame(0x89, []))
            try lively.send(clientFrame(10, []))
        }
        try lively.send(clientFrame(8, []))
        #expect(try ServerFrame(from: silent) == ServerFrame(0x89, []))
        #expect(try silent.receiveToEnd().isEmpty)
        #expect(await server.server.metrics().webSockets.lost == 1)
        #expect(notes.all.sorted() == ["client(nil, reason: \"\")", "lost"])
        await server.stop()
    }

    @Test func `one frame reaches many clients, packed for those who can unpack it`() async throws {
        let hub = Hub()
        let server = try TestServer(
            ClosureHandler { request, responder in
                WebSocket.accept(request, responder) { socket in
                    hub.sockets.append(socket)
                    return Echo(Notes())
                }
            }
        )
        let text = String(repeating: "news ", count: 400)
        let plain = try (0..<5).map { _ in try connect(server).0 }
        let packed = try (0..<5).map { _ in
            let (socket, response) = try connect(
                server,
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
            )
            #expect(
                response["sec-websocket-extensions"]?.hasPrefix("permessage-deflate; server_no_context_takeover")
                    == true
            )
            return socket
        }
        try await server.group.loops[0].run { WebSocket.broadcast(.text(text), to: hub.sockets) }
        for socket in plain { #expect(try ServerFrame(from: socket) == ServerFrame(0x81, text)) }
        for socket in packed {
            let frame = try ServerFrame(from: socket)
            #expect(frame.first == 0xc1 && frame.payload.count < 100)
            #expect(rawInflate(frame.payload, room: 10_000) == Array(text.utf8))
            try socket.send(clientFrame(1, rawDeflate(Array(text.utf8)), reserved: 0x40))
            #expect(rawInflate(try ServerFrame(from: socket).payload, room: 10_000) == Array(text.utf8))
            try socket.send(clientFrame(1, "short"))
            #expect(try ServerFrame(from: socket) == ServerFrame(0x81, "short"))
        }
        await server.stop()
    }

    /// Sends back texts by writing them where they leave.
    private final class InPlace: WebSocketHandler, Sendable {
        func received(text: UnsafeRawBufferPointer, on socket: WebSocket) {
            socket.send(textOfBytes: text.count) { out in
                out.append(UnsafeRawBufferPointer(rebasing: text.prefix(2)))
                out.append(UnsafeRawBufferPointer(rebasing: text.dropFirst(2)))
            }
        }
        func received(binary: UnsafeRawBufferPointer, on socket: WebSocket) {}
        func closed(_ end: WebSocketEnd, on socket: WebSocket) {}
    }

    @Test func `texts written in place have their lengths, and are packed where that pays`() async throws {
        let server = try TestServer(
            ClosureHandler { request, responder in WebSocket.accept(request, responder) { _ in InPlace() } }
        )
        let (plain, _) = try connect(server)
        let (packed, _) = try connect(server, "Sec-WebSocket-Extensions: permessage-deflate\r\n")
        for count in [2, 125, 126, 65_535, 65_536, 200_000] {
            let text = [UInt8](repeating: UInt8(ascii: "a"), count: count)
            try plain.send(clientFrame(1, text))
            #expect(try ServerFrame(from: plain) == ServerFrame(0x81, text))
            try packed.send(clientFrame(1, text))
            let frame = try ServerFrame(from: packed)
            if count < 1_000 {
                #expect(frame == ServerFrame(0x81, text))
            } else {
                #expect(frame.first == 0xc1 && frame.payload.count < 1_000)
                #expect(rawInflate(frame.payload, room: count) == text)
            }
        }
        await server.stop()
    }

    @Test func `a slow consumer is told so, and costs no more than its queue`() async throws {
        let notes = Notes()
        let hub = Hub()
        var options = WebSocketOptions()
        options.configuration.maximumQueue = 100_000
        // A ping would come among the frames when the machine is busy.
        options.configuration.pingInterval = nil
        let server = try TestServer(
            ClosureHandler { [options] request, responder in
                WebSocket.accept(request, responder, options) { socket in
                    hub.sockets.append(socket)
                    return Echo(notes)
                }
            }
        )
        let socket = try server.client(receiveBuffer: 4_096)
        try socket.send(
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        #expect(try TestResponse(from: socket).status == 101)
        let frame = WebSocketFrame.text(String(repeating: "x", count: 20_000))
        var rounds = 0
        while try await server.group.loops[0].run({ hub.sockets[0].isOpen }), rounds < 2_000 {
            try await server.group.loops[0].run { WebSocket.broadcast(frame, to: hub.sockets) }
            rounds += 1
        }
        #expect(rounds < 2_000)
        var last = try ServerFrame(from: socket)
        while last.closeCode == nil {
            #expect(last == ServerFrame(0x81, String(repeating: "x", count: 20_000)))
            last = try ServerFrame(from: socket)
        }
        #expect(last == ServerFrame(0x88, [0x03, 0xf5] + Array("slow consumer".utf8)))
        #expect(await server.server.metrics().webSockets.slowConsumers == 1)
        await server.stop()
    }

    @Test func `a message larger than the queue reaches a client that reads`() async throws {
        var options = WebSocketOptions()
        options.configuration.pingInterval = nil
        let text = String(repeating: "0123456789", count: 500_000)
        let server = try TestServer(
            ClosureHandler { [options] request, responder in
                WebSocket.accept(request, responder, options) { socket in
                    socket.send(text: "small")
                    socket.send(text: text)
                    return Echo(Notes())
                }
            }
        )
        let socket = try server.client(receiveBuffer: 4_096)
        try socket.send(
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        #expect(try TestResponse(from: socket).status == 101)
        #expect(try ServerFrame(from: socket) == ServerFrame(0x81, "small"))
        #expect(try ServerFrame(from: socket) == ServerFrame(0x81, text))
        #expect(await server.server.metrics().webSockets.slowConsumers == 0)
        await server.stop()
    }

    @Test func `a drain closes with 1001`() async throws {
        let server = try TestServer(echo())
        let (socket, _) = try connect(server)
        let group = server.group
        let begun = Notes()
        let draining = Task {
            begun.add("begun")
            await group.drain(within: .seconds(20))
        }
        await begun.wait(for: "begun")
        #expect(try ServerFrame(from: socket).closeCode == 1001)
        try socket.send(clientFrame(8, [3, 0xe9]))
        #expect(try socket.receiveToEnd().isEmpty)
        socket.endOutput()
        await draining.value
    }
}

extension WebSocketTests {
    /// Goes on when the server goes down.
    private final class Stubborn: WebSocketHandler, Sendable {
        func received(text: UnsafeRawBufferPointer, on socket: WebSocket) { socket.send(text: text) }
        func received(binary: UnsafeRawBufferPointer, on socket: WebSocket) {}
        func drain(on socket: WebSocket) { socket.send(text: "draining") }
        func closed(_ end: WebSocketEnd, on socket: WebSocket) {}
    }

    @Test func `a socket that goes on is closed with 1001 when the time for a drain is over`() async throws {
        let server = try TestServer(
            ClosureHandler { request, responder in WebSocket.accept(request, responder) { _ in Stubborn() } }
        )
        let (socket, _) = try connect(server)
        await server.group.drain(within: .milliseconds(50))
        #expect(try ServerFrame(from: socket) == ServerFrame(0x81, "draining"))
        #expect(try ServerFrame(from: socket).closeCode == 1001)
    }

    @Test func `a socket that is opened while the server goes down is told`() async throws {
        let server = try TestServer(echo())
        let socket = try server.client()
        try socket.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try TestResponse(from: socket).status == 426)
        let group = server.group
        let draining = Task { await group.drain(within: .seconds(20)) }
        try await eventually { (try? server.client()) == nil }
        try socket.send(
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        #expect(try TestResponse(from: socket).status == 101)
        #expect(try ServerFrame(from: socket).closeCode == 1001)
        try socket.send(clientFrame(8, [3, 0xe9]))
        #expect(try socket.receiveToEnd().isEmpty)
        socket.endOutput()
        await draining.value
    }
}

/// The sockets of one loop. `@unchecked Sendable`: touched on that loop only.
private final class Hub: @unchecked Sendable {
    var sockets: [WebSocket] = []
}
