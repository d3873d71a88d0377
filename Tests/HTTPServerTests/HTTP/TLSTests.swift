import EventLoop
import HTTPServer
import SocketTesting
import Testing

/// What is more than one request and one answer, over TLS.
@Suite(.timeLimit(.minutes(3))) struct TLSTests {
    private func serve(_ handler: ClosureHandler, _ test: (TestTLSSocket) throws -> Void) async throws {
        let group = try EventLoopGroup()
        let certificate = try TestCertificate(commonName: "a")
        let server = HTTPServer(group: group, handler: handler)
        let tls = try TLSContext(certificateFile: certificate.certificateFile, keyFile: certificate.keyFile)
        try test(try TestTLSSocket(port: try server.listen(on: .loopback(), tls: tls).port, protocols: ["http/1.1"]))
        await group.stop()
    }

    @Test func `a socket brings small and large messages`() async throws {
        let handler = ClosureHandler { request, responder in
            WebSocket.accept(request, responder) { _ in WebSocketTests.Echo(Notes()) }
        }
        try await serve(handler) { client in
            let head =
                "GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            try client.send(Array(head.utf8) + clientFrame(1, "small"))
            var answer: [UInt8] = []
            while !answer.suffix(4).elementsEqual("\r\n\r\n".utf8) { answer += try client.receive(exactly: 1) }
            #expect(answer.starts(with: "HTTP/1.1 101".utf8))
            #expect(try client.receive(exactly: 7) == [0x81, 5] + Array("small".utf8))
            let large = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            for _ in 0..<3 { try client.send(clientFrame(2, large)) }
            for _ in 0..<3 {
                #expect(try client.receive(exactly: 10) == [0x82, 127, 0, 0, 0, 0, 0, 0x0f, 0x42, 0x40])
                #expect(try client.receive(exactly: large.count) == large)
            }
        }
    }

    @Test func `an upload is streamed, with back-pressure`() async throws {
        let handler = ClosureHandler(policy: .stream(maximum: 100 << 20)) { request, responder in
            responder.startTask { responder in
                try? await responder.loop.sleep(for: .milliseconds(50))
                var (count, sum) = (0, 0)
                while let piece = try? await request.bodyStream?.next() {
                    count += piece.count
                    sum += piece.reduce(0) { $0 + Int($1) }
                }
                responder.respond(.ok, text: "\(count) \(sum)")
            }
        }
        try await serve(handler) { client in
            try client.send(
                Array("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\nConnection: close\r\n\r\n".utf8)
            )
            for _ in 0..<40 { try client.send([UInt8](repeating: 3, count: 100_000)) }
            let answer = String(decoding: try client.receive(exactly: 10_000), as: UTF8.self)
            #expect(answer.hasSuffix("\r\n\r\n4000000 12000000"), "\(answer)")
        }
    }
}
