import EventLoop
import Glibc
import SocketTesting
import Testing
import WaitTesting

@Suite(.timeLimit(.minutes(3))) struct TLSTests {
    private func start(
        _ certificate: TestCertificate,
        _ log: HandlerLog = HandlerLog(),
        protocols: [String] = ["http/1.1"]
    ) throws -> (EventLoopGroup, TLSContext, UInt16) {
        let group = try EventLoopGroup()
        let context = try TLSContext(
            certificateFile: certificate.certificateFile,
            keyFile: certificate.keyFile,
            protocols: protocols
        )
        let address = try group.listen(on: .loopback(), tls: context) { stream in
            #expect(stream.isEncrypted)
            return EchoHandler(log)
        }
        return (group, context, address.port)
    }

    @Test(arguments: [(0x0303, "TLSv1.2"), (0x0304, "TLSv1.3")])
    func `bytes go both ways, few and many`(newest: Int, version: String) async throws {
        let (group, _, port) = try start(TestCertificate(commonName: "one"))
        let client = try TestTLSSocket(port: port, newest: newest)
        #expect(client.version == version && client.commonName == "one")
        for count in [1, 16_384, 16_385, 100_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            try client.send(bytes)
            #expect(try client.receive(exactly: count) == bytes)
        }
        client.endOutput()
        #expect(try client.receive(exactly: 1).isEmpty)
        let metrics = await group.metrics()
        #expect(metrics.tlsHandshakes == 1 && metrics.tlsFailures == 0)
        await group.stop()
    }

    @Test func `a slow reader gets everything in order`() async throws {
        let group = try EventLoopGroup()
        let certificate = try TestCertificate(commonName: "one")
        let context = try TLSContext(certificateFile: certificate.certificateFile, keyFile: certificate.keyFile)
        let log = HandlerLog()
        let shared = SharedBytes([UInt8](repeating: 9, count: 10_000))
        let address = try group.listen(on: .loopback(), tls: context) { _ in
            ClosureHandler(log) { _, stream in
                for number in 0..<100 {
                    stream.write { $0.append([UInt8](repeating: UInt8(number), count: 30_000)) }
                    stream.write(shared)
                }
                stream.closeAfterFlush()
            }
        }
        let client = try TestTLSSocket(port: address.port, receiveBuffer: 4_096)
        try client.send([1])
        for number in 0..<100 {
            let block = try client.receive(exactly: 40_000)
            #expect(block == [UInt8](repeating: UInt8(number), count: 30_000) + [UInt8](repeating: 9, count: 10_000))
        }
        #expect(try client.receive(exactly: 1).isEmpty)
        await group.stop()
    }

    @Test func `a server that speaks first waits for the handshake without spinning`() async throws {
        let group = try EventLoopGroup()
        let certificate = try TestCertificate(commonName: "one")
        let context = try TLSContext(certificateFile: certificate.certificateFile, keyFile: certificate.keyFile)
        let address = try group.listen(on: .loopback(), tls: context) { stream in
            stream.write { $0.append("welcome") }
            return EchoHandler()
        }
        let silent = try TestSocket(port: address.port)
        try await eventually { await group.metrics().accepted != 0 }
        let loop = group.loops[0]
        let before = try await loop.run { loop.turn }
        usleep(50_000)
        #expect(try await loop.run { loop.turn } - before < 20)
        let client = try TestTLSSocket(port: address.port)
        #expect(try client.receive(exactly: 7) == Array("welcome".utf8))
        withExtendedLifetime(silent) {}
        await group.stop()
    }

    @Test func `the preferred protocol is agreed on, and a client that has none of ours is refused`() async throws {
        let (group, _, port) = try start(TestCertificate(commonName: "one"), protocols: ["h2", "http/1.1"])
        #expect(try TestTLSSocket(port: port, protocols: ["http/1.1", "h2"]).applicationProtocol == "h2")
        #expect(try TestTLSSocket(port: port, protocols: ["http/1.1"]).applicationProtocol == "http/1.1")
        #expect(try TestTLSSocket(port: port).applicationProtocol == "")
        #expect(throws: SocketFailure.self) { try TestTLSSocket(port: port, protocols: ["spdy/3"]) }
        await group.stop()
    }

    @Test func `what a handshake needs is there as long as the handshake`() async throws {
        let group = try EventLoopGroup()
        let certificate = try TestCertificate(commonName: "one")
        weak var context: TLSContext?
        let log = HandlerLog()
        let port = try {
            let own = try TLSContext(certificateFile: certificate.certificateFile, keyFile: certificate.keyFile)
            context = own
            return try group.listen(on: .loopback(), tls: own) { _ in
                ClosureHandler(log) { _, stream in stream.write { $0.append("ok") } }
            }.port
        }()
        let client = try TestSocket(port: port)
        try await eventually { await group.metrics().accepted != 0 }
        let draining = Task { await group.drain(within: .seconds(20)) }
        try await eventually { (try? TestSocket(port: port)) == nil }
        #expect(context != nil)
        client.reset()
        await draining.value
        #expect(context == nil)
    }

    @Test func `a client that leaves without the alert is no failure of TLS`() async throws {
        let log = HandlerLog()
        let (group, _, port) = try start(TestCertificate(commonName: "one"), log)
        let client = try TestTLSSocket(port: port)
        try client.send([1])
        #expect(try client.receive(exactly: 1) == [1])
        client.leave()
        await log.wait(for: "closed reset")
        #expect(await group.metrics().tlsFailures == 0)
        await group.stop()
    }

    @Test func `a key with a passphrase is refused, and nobody is asked for it`() throws {
        let certificate = try TestCertificate(commonName: "one")
        try certificate.encryptKey(with: "secret")
        #expect(throws: TLSError.self) {
            try TLSContext(certificateFile: certificate.certificateFile, keyFile: certificate.keyFile)
        }
    }

    @Test func `old versions and plain text are refused`() async throws {
        let log = HandlerLog()
        let (group, _, port) = try start(TestCertificate(commonName: "one"), log)
        #expect(throws: SocketFailure.self) { try TestTLSSocket(port: port, oldest: 0x0301, newest: 0x0302) }
        let plain = try TestSocket(port: port)
        try plain.send("GET / HTTP/1.1\r\n\r\n")
        _ = try? plain.receiveToEnd()
        await log.wait(for: "closed tlsFailure")
        #expect(await group.metrics().tlsFailures == 2)
        await group.stop()
    }

    @Test func `a reloaded certificate serves new connections, and a bad one changes nothing`() async throws {
        let certificate = try TestCertificate(commonName: "one")
        let (group, context, port) = try start(certificate)
        let old = try TestTLSSocket(port: port)
        try certificate.write(commonName: "two")
        try context.reload()
        #expect(try TestTLSSocket(port: port).commonName == "two")
        try old.send([1, 2, 3])
        #expect(try old.receive(exactly: 3) == [1, 2, 3] && old.commonName == "one")
        unlink(certificate.keyFile)
        #expect(throws: TLSError.self) { try context.reload() }
        #expect(try TestTLSSocket(port: port).commonName == "two")
        await group.stop()
    }
}
