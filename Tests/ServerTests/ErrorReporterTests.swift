import EventLoop
import Foundation
import OutboundHTTP
import PostgresClient
import PostgresTesting
import SocketTesting
import Testing

@testable import Server

/// What those get who gather errors.
@Suite(.timeLimit(.minutes(3))) struct ErrorReporterTests {
    private struct Secretive: Error, CustomStringConvertible { let description: String }

    private func reported(
        _ collector: TestCollector,
        perMinute: Int = 60,
        _ body: (ErrorReporter) async throws -> Void
    ) async throws {
        let group = try EventLoopGroup()
        let dsn = collector.url.replacing("http://", with: "http://4f2d0a:unused@") + "/below/42"
        var options = ErrorReporter.Options(try #require(SentryDSN(dsn)))
        options.perMinute = perMinute
        options.environment = "test"
        let client = OutboundClient(group)
        let reporter = ErrorReporter(options, client, on: group.loops[0])
        try await body(reporter)
        await reporter.drain(within: .seconds(10), on: group)
        await client.close()
        await group.stop()
    }

    @Test func `an event is one that their own parser reads`() async throws {
        let collector = try TestCollector()
        try await reported(collector) { reporter in
            reporter.report(ErrorEvent(PostgresError.rowCount(7), .fatal, job: "mail.send", at: 1_763_719_853.5))
        }
        let request = try collector.next()
        #expect(request["path"] as? String == "/below/api/42/envelope/" && request["items"] as? Int == 1)
        let fields = try #require(request["fields"] as? [String: String])
        #expect(fields["x-sentry-auth"]?.contains("sentry_key=4f2d0a") == true)
        #expect(fields["content-type"] == "application/x-sentry-envelope")
        let event = try #require(request["event"] as? [String: Any])
        #expect((event["event_id"] as? String)?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        #expect((request["header"] as? [String: Any])?["event_id"] as? String == event["event_id"] as? String)
        #expect(event["level"] as? String == "fatal" && event["environment"] as? String == "test")
        #expect(
            event["release"] as? String == "atrium@\(Server.version)"
                && event["timestamp"] as? Double == 1_763_719_853.5
        )
        #expect((event["tags"] as? [String: String])?["job"] == "mail.send")
        let values = (event["exception"] as? [String: Any])?["values"] as? [[String: String]]
        #expect(
            values?.first?["type"] == "PostgresError" && values?.first?["value"] == "7 rows, where one was expected"
        )
    }

    @Test(arguments: [
        "token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl is bad", "mail to ida@example.org failed",
        "key (email)=(ida) exists", "\"hunter2 in quotes\"", "'hunter2 in quotes'", "Authorization: Bearer abc",
        "AKIA0123456789ABCDEF0123456789", "postgres://ida:hunter2@host/db",
    ])
    func `what looks like somebody's is taken out`(text: String) {
        let shown = ScrubbedText.of("before \(text) after")
        for secret in ["eyJ", "ida", "hunter2", "abc", "0123456789"] { #expect(!shown.contains(secret), "\(shown)") }
        #expect(shown.hasPrefix("before ") && shown.hasSuffix(" after") && shown.contains("[redacted]"))
    }

    @Test func `long texts are cut, and words are left`() {
        let plain = "the connection to the database was lost while committing: the change may have happened"
        #expect(ScrubbedText.of(plain) == plain)
        #expect(ScrubbedText.of(String(repeating: "long ", count: 100_000)).count <= ScrubbedText.limit)
    }

    @Test func `only so many go in a minute, and none while the service wants to be left alone`() async throws {
        let collector = try TestCollector([429])
        try await reported(collector, perMinute: 3) { reporter in
            reporter.report(ErrorEvent(Secretive(description: "first"), at: 1))
            #expect(try collector.next()["status"] as? Int == 429)
            for _ in 0..<200 where reporter.counts.lost == 0 { try await Task.sleep(for: .milliseconds(10)) }
            for _ in 0..<5 { reporter.report(ErrorEvent(Secretive(description: "later"), at: 1)) }
            #expect(reporter.counts.lost == 1 && reporter.counts.waiting == 0 && reporter.omitted == 5)
        }
        let other = try TestCollector()
        try await reported(other, perMinute: 3) { reporter in
            for number in 0..<10 { reporter.report(ErrorEvent(Secretive(description: "number \(number)"), at: 1)) }
            // A minute may begin meanwhile.
            #expect(reporter.omitted >= 4)
        }
    }

    @Test func `addresses of services are read, and nothing else`() throws {
        let dsn = try #require(SentryDSN("https://abc123@o1.ingest.sentry.example/4505"))
        #expect(dsn.endpoint == "https://o1.ingest.sentry.example/api/4505/envelope/" && dsn.publicKey == "abc123")
        for wrong in [
            "", "https://sentry.example/1", "ftp://k@sentry.example/1", "https://k@sentry.example/", "https://k@/1",
            "k",
        ] {
            #expect(SentryDSN(wrong) == nil, "\(wrong)")
        }
        do {
            _ = try Configuration(["SENTRY_DSN": "https://a-secret-key/1"]) { _ in nil }
            Issue.record("it was taken")
        } catch { #expect(!"\(error.problems)".contains("a-secret-key")) }
    }

    @Test func `a job that dies is told of, and one that is tried again is not`() async throws {
        let collector = try TestCollector()
        try await reported(collector) { reporter in
            let faults = FaultReports(log: nil, errors: reporter)
            faults.report(JobFault(name: "mail.send", attempt: 1, isLast: false, error: PostgresError.closed))
            faults.report(JobFault(name: "mail.send", attempt: 20, isLast: true, error: PostgresError.queueFull))
        }
        let event = try #require(try collector.next()["event"] as? [String: Any])
        #expect(
            "\(event)".contains("too many statements wait")
                && (event["tags"] as? [String: String])?["job"] == "mail.send"
        )
    }

    @Test func `a fault of a request of the built server is told with the id of that request`() throws {
        let collector = try TestCollector()
        let database = try TestCluster.database()
        let (server, output) = (Process(), Pipe())
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        server.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("Server")
        server.environment = [
            "ATRIUM_PORT": "0", "DATABASE_URL": database, "ATRIUM_LOG": "off", "ATRIUM_JOBS": "off",
            "SENTRY_DSN": collector.url.replacing("http://", with: "http://abc@") + "/1",
        ]
        server.standardError = output
        try server.run()
        defer { server.terminate() }
        var said = ""
        while !said.contains("/graphql\n") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            said += String(decoding: data, as: UTF8.self)
        }
        let port = try #require(said.firstMatch(of: /:([0-9]+)\/graphql/).flatMap { UInt16($0.1) }, "\(said)")
        // A column that is not what its row expects is a fault of the program's own.
        try TestCluster.execute("ALTER TABLE schema_migrations RENAME TO elsewhere", on: database)
        let socket = try TestSocket(port: port)
        let body = #"{"query":"{ serverInfo { database { version } } }"}"#
        try socket.send(
            "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nx-request-id: of-the-test\r\n"
                + "connection: close\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        #expect(String(decoding: try socket.receiveToEnd(), as: UTF8.self).contains("INTERNAL"))
        let event = try #require(try collector.next()["event"] as? [String: Any])
        #expect((event["tags"] as? [String: String])?["request_id"] == "of-the-test", "\(event)")
        #expect("\(event)".contains("the database refused with 42P01"))
    }
}
