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

    @Test(arguments: [
        #"{"name":"a \"hunter2\" of quotes"}"#, #"in JSON: {\"name\":\"hunter2\"}"#, #""one line\nhunter2""#,
        "\"" + String(repeating: "long ", count: 200) + "hunter2", "key (a, b)=(x, hunter2",
        "'" + String(repeating: "word ", count: 790) + "hunter2 " + String(repeating: "more ", count: 100) + "'",
        "it's 'hunter2'", "https://ida:hunter2@host/?hunter2#hunter2", "Basic hunter2, basic hunter2",
    ])
    func `quotes within quotes, and those without an end, hide nothing`(text: String) {
        let shown = ScrubbedText.of("before " + text)
        #expect(!shown.contains("hunter2") && shown.hasPrefix("before ") && shown.contains("[redacted]"), "\(shown)")
    }

    @Test func `a text that is all one word is read in no time`() {
        for letter in ["a", "a@", "'", "\\'", "://", "=("] {
            let text = String(repeating: letter, count: 100_000 / letter.count)
            let start = ContinuousClock.now
            for _ in 0..<10 { _ = ScrubbedText.of(text) }
            #expect(ContinuousClock.now - start < .seconds(2), "\(letter)")
        }
        #expect(ScrubbedText.of("it isn't there") == "it isn't there")
    }

    @Test func `faults that differ in numbers are one issue, and others are not`() throws {
        func fingerprint(_ text: String) throws -> String {
            let envelope = ErrorEvent(Secretive(description: text), at: 1).envelope(environment: "test")
            let lines = String(decoding: envelope, as: UTF8.self).split(separator: "\n")
            let event = try JSONSerialization.jsonObject(with: Data(lines[2].utf8)) as? [String: Any]
            return "\(event?["fingerprint"] ?? "")"
        }
        #expect(try fingerprint("7 rows, where one was expected") == fingerprint("128 rows, where one was expected"))
        #expect(try fingerprint("7 rows") != fingerprint("7 columns"))
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
            var made = 0
            func event(_ number: Int) -> ErrorEvent {
                made += 1
                return ErrorEvent(Secretive(description: "number \(number)"), at: 1)
            }
            for number in 0..<10 { reporter.report(event(number)) }
            // A minute may begin meanwhile. What is not to go is not even made.
            #expect(reporter.omitted >= 4 && made == 10 - Int(reporter.omitted))
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
