import Data
import EventLoop
import Foundation
import OutboundHTTP
import PostgresTesting
import SocketTesting
import Testing

@testable import HTTPServer
@testable import Server

/// What a collector of OpenTelemetry gets of the built server.
@Suite(.timeLimit(.minutes(3))) struct TracingTests {
    private static var program: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("Server")
        }
    }

    /// A server that is stopped afterwards, by which time everything was sent.
    private func served(
        _ settings: [String: String],
        database: String? = nil,
        _ body: (UInt16) throws -> Void
    ) throws {
        let (server, output) = (Process(), Pipe())
        server.executableURL = try Self.program
        server.environment = settings.merging([
            "ATRIUM_PORT": "0", "DATABASE_URL": try database ?? TestCluster.database(), "ATRIUM_DRAIN_SECONDS": "0",
            "ATRIUM_LOG": "off", "ATRIUM_JOBS": "off",
        ]) { $1 }
        server.standardError = output
        try server.run()
        defer { server.waitUntilExit() }
        defer { server.terminate() }
        var said = ""
        while !said.contains("/graphql\n") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            said += String(decoding: data, as: UTF8.self)
        }
        try body(try #require(said.firstMatch(of: /:([0-9]+)\/graphql/).flatMap { UInt16($0.1) }, "\(said)"))
    }

    @discardableResult
    private func ask(_ port: UInt16, _ query: String, traceparent: String? = nil) throws -> String {
        let socket = try TestSocket(port: port)
        let body = #"{"query":"\#(query.replacing("\"", with: "\\\""))"}"#
        try socket.send(
            "POST /graphql?q=planted-secret HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\n"
                + (traceparent.map { "traceparent: \($0)\r\n" } ?? "")
                + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        return String(decoding: try socket.receiveToEnd(), as: UTF8.self)
    }

    private let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private let caller = "00f067aa0ba902b7"
    private let query =
        #"query Planted { usernameAvailable(username: "plantedsecret") serverInfo { database { version } } }"#

    @Test func `a request, its operation and its statements are one trace, of the caller's`() throws {
        let collector = try TestCollector()
        try served([
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_SERVICE_NAME": "tests",
            "OTEL_EXPORTER_OTLP_HEADERS": "x-key=of-the-collector",
        ]) { port in
            try ask(port, query, traceparent: "00-\(trace)-\(caller)-01")
            // The caller does not keep this one.
            try ask(port, "query Unkept { serverInfo { version } }", traceparent: "00-\(trace)-\(caller)-00")
        }
        let request = try collector.next()
        #expect(request["path"] as? String == "/v1/traces")
        #expect((request["fields"] as? [String: String])?["x-key"] == "of-the-collector")
        let spans = try #require(request["spans"] as? [[String: Any]])
        #expect(spans.allSatisfy { $0["trace"] as? String == trace }, "\(spans)")
        let http = try #require(spans.first { $0["kind"] as? Int == 2 })
        #expect(http["parent"] as? String == caller && http["name"] as? String == "POST")
        let attributes = try #require(http["attributes"] as? [String: Any])
        #expect(
            attributes["http.response.status_code"] as? Int == 200 && attributes["url.path"] as? String == "/graphql"
        )
        let operation = try #require(spans.first { $0["kind"] as? Int == 1 })
        #expect(operation["parent"] as? String == http["id"] as? String && operation["name"] as? String == "query")
        #expect((operation["attributes"] as? [String: Any])?["graphql.operation.name"] as? String == "Planted")
        let statements = spans.filter { $0["kind"] as? Int == 3 }
        #expect(statements.contains { ($0["name"] as? String)?.hasPrefix("Data/DatabaseFacts.swift:") == true })
        #expect(statements.allSatisfy { $0["parent"] as? String == operation["id"] as? String }, "\(spans)")
        for span in spans {
            let (start, end) = (span["start"] as? Int ?? 0, span["end"] as? Int ?? 0)
            #expect(start > 1_700_000_000_000_000_000 && end >= start && end - start < 60_000_000_000)
            #expect((span["resource"] as? [String: Any])?["service.name"] as? String == "tests")
        }
        #expect(
            spans.count == 2 + statements.count && !"\(request)".contains("planted-secret")
                && !"\(request)".contains("plantedsecret")
        )
    }

    @Test func `a statement that fails is told by its state, and without its values`() throws {
        let collector = try TestCollector()
        let database = try TestCluster.database()
        try served(["OTEL_EXPORTER_OTLP_ENDPOINT": collector.url], database: database) { port in
            try TestCluster.execute("ALTER TABLE users RENAME TO planted_secret", on: database)
            let answer = try ask(port, query, traceparent: "00-\(trace)-\(caller)-01")
            #expect(answer.contains("errors"), "\(answer)")
        }
        let request = try collector.next()
        let spans = try #require(request["spans"] as? [[String: Any]])
        let operation = try #require(spans.first { $0["kind"] as? Int == 1 })
        let failed = try #require(spans.first { $0["kind"] as? Int == 3 && $0["status"] as? Int == 2 }, "\(spans)")
        #expect(failed["parent"] as? String == operation["id"] as? String)
        let attributes = try #require(failed["attributes"] as? [String: Any])
        #expect(
            attributes["db.response.status_code"] as? String == "42P01"
                && attributes["error.type"] as? String == "42P01"
        )
        #expect((failed["name"] as? String)?.hasPrefix("Data/") == true && attributes.count == 4, "\(attributes)")
        #expect(!"\(request)".contains("plantedsecret") && !"\(request)".contains("planted_secret"))
        #expect(!"\(request)".contains("does not exist"), "what PostgreSQL says of it may hold values")
    }

    @Test func `nothing is kept where the share is none, but for callers who do`() throws {
        let collector = try TestCollector()
        try served(["OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_TRACES_SAMPLER_ARG": "0"]) { port in
            for _ in 0..<5 { try ask(port, "query Unkept { serverInfo { version } }") }
            try ask(port, "query Kept { serverInfo { version } }", traceparent: "00-\(trace)-\(caller)-01")
        }
        let spans = try #require(try collector.next()["spans"] as? [[String: Any]])
        #expect(spans.count == 2 && "\(spans)".contains("Kept") && !"\(spans)".contains("Unkept"))
    }

    @Test func `a collector that is busy is asked again`() throws {
        let collector = try TestCollector([503])
        try served(["OTEL_EXPORTER_OTLP_ENDPOINT": collector.url]) { try ask($0, "{ serverInfo { version } }") }
        #expect(try collector.next()["status"] as? Int == 503)
        let again = try collector.next()
        #expect(again["status"] as? Int == 200 && (again["spans"] as? [Any])?.count == 2)
    }

    @Test func `a collector that is away holds nobody up`() throws {
        try served(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_BSP_SCHEDULE_DELAY": "10"]) { port in
            let start = ContinuousClock.now
            for _ in 0..<20 {
                let answer = try ask(port, "{ serverInfo { version } }")
                #expect(answer.hasPrefix("HTTP/1.1 200"))
            }
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    // MARK: Parts

    @Test func `a share of the traces is kept, and the whole of each`() throws {
        var options = Tracer.Options()
        options.ratio = 0.25
        let tracer = Tracer(options) { _ in }
        let traces = (0..<4_000).map { _ in TraceContext(beginning: .random(in: 1 ... .max)) }
        let kept = traces.count(where: tracer.keeps)
        #expect((800...1_200).contains(kept), "\(kept)")
        #expect(traces.allSatisfy { tracer.keeps($0) == tracer.keeps($0) })
        options.ratio = 1
        let whole = Tracer(options, export: { _ in })
        #expect(traces.allSatisfy(whole.keeps))
        options.heedsCallers = false
        options.ratio = 0
        let parsed = Array("00-\(trace)-\(caller)-01".utf8).withUnsafeBytes { TraceContext($0, spanID: "1") }
        let called = try #require(parsed)
        let deaf = Tracer(options, export: { _ in })
        #expect(!deaf.keeps(called))
    }

    @Test func `what there is no room for is counted and dropped`() async throws {
        let group = try EventLoopGroup()
        let gate = AsyncStream<Void>.makeStream()
        let outbox = Outbox<Int>(
            Outbox.Options(limit: 10, batch: 5, delay: .zero),
            on: group.loops[0]
        ) { _ in
            for await _ in gate.stream { break }
            return true
        }
        for number in 0..<100 { outbox.add(number) }
        #expect(outbox.counts.dropped >= 80 && outbox.counts.waiting <= 10)
        gate.continuation.finish()
        try await group.loops[0].start { await outbox.drain(within: .seconds(10)) }
        let counts = outbox.counts
        #expect(counts.waiting == 0 && counts.sent + counts.dropped == 100 && counts.lost == 0, "\(counts)")
        await group.stop()
    }

    @Test func `whoever hangs keeps nobody from ending, and what it was given is lost`() async throws {
        let group = try EventLoopGroup()
        let gate = AsyncStream<Void>.makeStream()
        let outbox = Outbox<Int>(Outbox.Options(limit: 100, batch: 5, delay: .zero), on: group.loops[0]) { _ in
            // Whoever is told to stop and does not.
            await Task.detached { for await _ in gate.stream {} }.value
            return true
        }
        for number in 0..<20 { outbox.add(number) }
        let start = ContinuousClock.now
        try await group.loops[0].start { await outbox.drain(within: .milliseconds(200)) }
        #expect(ContinuousClock.now - start < .seconds(5))
        outbox.add(20)
        let counts = outbox.counts
        #expect(counts.lost == 21 && counts.sent == 0 && counts.waiting == 0, "\(counts)")
        gate.continuation.finish()
        try await group.loops[0].start { try? await group.loops[0].sleep(for: .milliseconds(50)) }
        #expect(outbox.counts == counts)
        await group.stop()
    }

    @Test func `fields for the collector are trimmed at their ends, and decoded`() throws {
        func fields(_ text: String) throws -> [String]? {
            let settings = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_EXPORTER_OTLP_HEADERS": text]
            return try Configuration(settings) { _ in nil }.tracing?.fields.map { "\($0.name): \($0.value)" }
        }
        #expect(
            try fields("Authorization=Basic%20abc%3D , x-key = two words+1,x-more=a=b") == [
                "authorization: Basic abc=", "x-key: two words+1", "x-more: a=b",
            ]
        )
        for wrong in ["a=%0d%0ab", "a=%2", "a b=c", "=c"] {
            #expect(throws: Configuration.Fault.self, "\(wrong)") { try fields(wrong) }
        }
    }

    @Test func `settings that are wrong are told, and headers are not shown`() throws {
        func problems(_ settings: [String: String]) -> [String] {
            do {
                _ = try Configuration(settings.merging(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"]) { $0 + $1 }) {
                    _ in nil
                }
                return []
            } catch { return error.problems }
        }
        #expect(problems([:]).isEmpty)
        #expect(problems(["OTEL_TRACES_SAMPLER_ARG": "2"]).count == 1)
        #expect(problems(["OTEL_TRACES_SAMPLER": "always"]).count == 1)
        let told = problems(["OTEL_EXPORTER_OTLP_HEADERS": "a-secret"])
        #expect(told.count == 1 && !told.joined().contains("a-secret"))
        let address = problems(["OTEL_EXPORTER_OTLP_ENDPOINT": "/?https://somebody:a-secret@c"])
        #expect(address.count == 1 && !address.joined().contains("a-secret"), "\(address)")
    }
}
