import EventLoop
import Foundation
import GraphQLEngine
import GraphQLSchema
import GraphQLTransport
import SocketTesting
import Testing

@testable import HTTPServer

/// What a server tells its operators.
@Suite(.timeLimit(.minutes(3))) struct ObservingTests {
    private let hello = #"{"query":"{ hello }"}"#

    private func observed(_ log: Log? = nil) throws -> TransportServer {
        try TransportServer(
            {
                $0.endpoints = .standard
                $0.log = log
            },
            http: {
                $0.identifiesRequests = true
                $0.measuresDurations = true
                if let log { $0.accessLog = { log.access($0) } }
            }
        )
    }

    // MARK: Ids

    @Test func `every response carries an id, the client's when it is harmless`() async throws {
        let server = try observed()
        let own = try server.post(hello).fields["x-request-id"] ?? ""
        #expect(own.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        #expect(try server.post(hello).fields["x-request-id"] != own)
        #expect(try server.post(hello, ["x-request-id": "a.b-c_1:2/3+4=@"]).fields["x-request-id"] == "a.b-c_1:2/3+4=@")
        for hostile in ["", "a b", "a\"b", "<script>", "ü", String(repeating: "a", count: 129)] {
            let id = try server.post(hello, ["x-request-id": hostile]).fields["x-request-id"] ?? ""
            #expect(id.wholeMatch(of: /[0-9a-f]{16}/) != nil, "\(hostile)")
        }
        #expect(try server.send("GET", "/nowhere").fields["x-request-id"]?.count == 16)
        await server.stop()
    }

    @Test func `a trace is continued where it can be read`() {
        func trace(_ text: String) -> TraceContext? {
            Array(text.utf8).withUnsafeBytes { TraceContext($0, spanID: "00000000000000ff") }
        }
        let (id, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
        let good = trace("00-\(id)-\(parent)-01")
        #expect(good?.traceID == id && good?.parentID == parent && good?.isSampled == true)
        #expect(good?.traceparent == "00-\(id)-00000000000000ff-01")
        #expect(trace("00-\(id)-\(parent)-02")?.isSampled == false)
        #expect(trace("cc-\(id)-\(parent)-01-what-comes-later")?.traceID == id)
        for bad in [
            "", "00", "ff-\(id)-\(parent)-01", "00-\(id)-\(parent)-01-more", "00-\(id)-\(parent)-0",
            "00-\(id)-\(parent)-0x",
            "00-\(id.uppercased())-\(parent)-01", "00-\(String(repeating: "0", count: 32))-\(parent)-01",
            "00-\(id)-\(String(repeating: "0", count: 16))-01", "00_\(id)-\(parent)-01", "cc-\(id)-\(parent)-01.more",
        ] { #expect(trace(bad) == nil, "\(bad)") }
    }

    @Test(arguments: [true, false])
    func `a fault is told by the id of its request alone, in development with what it was`(isShown: Bool) async throws {
        struct Secret: Error { let password = "hunter2" }
        let pipe = Pipe()
        let log = Log(pipe.fileHandleForWriting.fileDescriptor, form: .json)
        var options = EngineOptions()
        options.present = { _ in
            log.fault(Secret())
            return EngineOptions.masked(Secret(), isShown: isShown)
        }
        let server = try TransportServer(
            options: options,
            { $0.tracksRequests = true },
            http: { $0.identifiesRequests = true }
        )
        let answer = try server.post(#"{"query":"{ fail }"}"#, ["x-request-id": "mine"])
        #expect(answer.message == "Internal server error" && answer.code == .string("INTERNAL"))
        #expect(answer.firstError?["extensions"]?["requestId"] == .string("mine"))
        #expect(answer.text.contains("hunter2") == isShown)
        let client = try SocketClient(server, "graphql-transport-ws", ["x-request-id": "mysocket"])
        try client.initialise()
        try client.subscribe("1", "{ fail }")
        #expect(try client.text().contains(#""requestId":"mysocket""#))
        await server.stop()
        log.flush()
        let lines = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        for id in ["mine", "mysocket"] { #expect(lines.contains(#""request.id":"\#(id)""#), "\(lines)") }
        #expect(lines.contains("hunter2"))
    }

    @Test func `a fault of who asks the application is told and logged as one of a resolver`() async throws {
        struct Secret: Error { let password = "hunter2" }
        let pipe = Pipe()
        let log = Log(pipe.fileHandleForWriting.fileDescriptor, form: .json)
        var options = EngineOptions()
        options.present = { error in
            log.fault(error)
            return EngineOptions.masked(error, isShown: false)
        }
        let server = try TransportServer(
            options: options,
            {
                $0.tracksRequests = true
                $0.connect = { _ in throw Secret() }
                $0.playground?.plan = { _ in throw Secret() }
            },
            http: { $0.identifiesRequests = true }
        )
        let paths = [
            "/graphql": hello, "/graphql/playground/estimate": hello, "/graphql/playground/plan": #"{"plan":"a"}"#,
        ]
        for (path, body) in paths {
            let fields = ["content-type": "application/json", "x-request-id": "of\(path)"]
            let answer = try server.send("POST", path, fields, body: body)
            #expect(answer.firstError?["message"] == .string("Internal server error"), "\(path)")
            #expect(answer.firstError?["extensions"]?["requestId"] == .string("of\(path)"), "\(path)")
        }
        let client = try SocketClient(server, "graphql-transport-ws", ["x-request-id": "mysocket"])
        try client.send(#"{"type":"connection_init"}"#)
        #expect(try client.close() == .close(4500, "Internal server error"))
        await server.stop()
        log.flush()
        let lines = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        for id in paths.keys.map({ "of\($0)" }) + ["mysocket"] {
            #expect(lines.contains(#""request.id":"\#(id)""#), "\(lines)")
        }
        #expect(lines.contains("hunter2"))
    }

    // MARK: Logs

    @Test func `a request is one line of JSON, whatever it holds`() async throws {
        let pipe = Pipe()
        let log = Log(pipe.fileHandleForWriting.fileDescriptor)
        #expect(log.form == .json)
        let server = try observed(log)
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        _ = try server.post(hello, ["x-request-id": "mine", "traceparent": parent, "user-agent": "a\"}\\n{\u{1}é"])
        await server.stop()
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        // The control character is refused by HTTP; the line is about that.
        let line = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(line["status"] as? Int == 400 && line["refused"] as? String == "badFieldValue")
    }

    @Test func `a line has the id, the trace, the client and the time`() async throws {
        let pipe = Pipe()
        let log = Log(pipe.fileHandleForWriting.fileDescriptor)
        let server = try observed(log)
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        _ = try server.send(
            "GET",
            "/nowhere?secret=1",
            ["x-request-id": "mine", "traceparent": parent, "user-agent": "evil\",\"level\":\"x \u{202e}\\"]
        )
        await server.stop()
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        let line = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(line["request.id"] as? String == "mine" && line["level"] as? String == "info")
        #expect(line["trace.id"] as? String == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(line["parent.id"] as? String == "00f067aa0ba902b7" && (line["span.id"] as? String)?.count == 16)
        #expect(line["method"] as? String == "GET" && line["path"] as? String == "/nowhere")
        #expect(line["status"] as? Int == 404 && line["duration.ms"] is Double || line["duration.ms"] is Int)
        #expect((line["client"] as? String)?.hasPrefix("127.0.0.1:") == true)
        // Marks that turn the direction of writing reach no reader's eye.
        #expect(line["agent"] as? String == "evil\",\"level\":\"x \u{202e}\\" && !text.contains("\u{202e}"))
        #expect(!text.contains("secret"))
    }

    @Test func `a head that cannot be understood has an id and a client all the same`() async throws {
        let pipe = Pipe()
        let log = Log(pipe.fileHandleForWriting.fileDescriptor)
        let server = try observed(log)
        let client = try server.client()
        try client.send("BAD\r\n\r\n")
        let answer = try TransportAnswer(from: client)
        let id = try #require(answer.fields["x-request-id"])
        #expect(answer.status == 400 && id.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        await server.stop()
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        let line = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(line["request.id"] as? String == id && line["refused"] as? String == "malformedRequestLine")
        #expect((line["client"] as? String)?.hasPrefix("127.0.0.1:") == true)
    }

    @Test func `refusals and closes are counted by what they said`() async throws {
        let server = try observed()
        _ = try server.post(hello, ["accept": "text/html"])
        _ = try server.post(hello, ["content-type": "text/plain"])
        _ = try server.send("PATCH")
        let socket = try SocketClient(server)
        try socket.subscribe("1", "{ hello }")
        _ = try socket.close()
        let text = try server.send("GET", "/metrics").text
        for line in [
            #"atrium_graphql_refused_total{status="406"} 1"#, #"atrium_graphql_refused_total{status="415"} 1"#,
            #"atrium_graphql_refused_total{status="405"} 1"#, #"atrium_graphql_refused_total{status="429"} 0"#,
            #"atrium_graphql_sockets_closed_total{code="4401"} 1"#,
            #"atrium_graphql_sockets_closed_total{code="other"} 0"#,
        ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
        await server.stop()
    }

    @Test func `on a terminal lines are text, in which nothing can pretend to be another line`() {
        let time = timespec(tv_sec: 1_763_719_853, tv_nsec: 123_456_789)
        func line(_ form: LogLine.Form, _ value: LogValue) -> String {
            LogLine.render(form, .warning, "it happened", [("a", value)], at: time)
        }
        #expect(line(.text, .text("b")) == "2025-11-21T10:10:53.123Z warning it happened a=b")
        #expect(line(.text, .text("b c")).hasSuffix("a=\"b c\""))
        #expect(line(.text, .text("")).hasSuffix("a=\"\""))
        #expect(line(.text, .text("\u{1b}[31m\r\nerror")).hasSuffix("a=\\u001b[31m\\u000d\\u000aerror"))
        #expect(line(.text, .nanoseconds(1_234_567)).hasSuffix("a=1.234ms"))
        #expect(line(.json, .nanoseconds(1_234_567)).hasSuffix("\"a\":1.234}"))
        #expect(line(.json, .text("\"\\\n\u{2028}\u{85}")).hasSuffix(#""a":"\"\\\u000a\u2028\u0085"}"#))
        #expect(line(.text, .text(String(repeating: "x", count: 10_000))).count < 600)
    }

    @Test func `a log that nobody reads holds nothing up and counts what it loses`() async throws {
        let pipe = Pipe()
        let log = Log(pipe.fileHandleForWriting.fileDescriptor, maximumBytes: 4_096)
        for _ in 0..<2_000 {
            log.write(.info, "filling the pipe", [("padding", .text(String(repeating: "x", count: 100)))])
        }
        #expect(log.dropped > 0)
        let server = try observed(log)
        #expect(try server.post(hello).status == 200)
        let metrics = try server.send("GET", "/metrics").text
        #expect(metrics.contains("\natrium_log_lines_dropped_total \(log.dropped)\n") || log.dropped > 1)
        await server.stop()
    }

    // MARK: Endpoints

    @Test func `metrics count requests, operations and outcomes`() async throws {
        let server = try observed()
        _ = try server.post(hello)
        _ = try server.post(#"{"query":"{ fail }"}"#)
        _ = try server.post(#"{"query":"{ inventedField }"}"#)
        _ = try server.post(#"{"query":"{"}"#)
        _ = try server.post(#"{"query":"mutation { setValue(value: \"v\") }"}"#)
        _ = try server.post(#"{"query":"subscription { greetings }"}"#, ["accept": "text/event-stream"])
        _ = try server.post(#"{"query":"query($a: Int!) { add(a: $a, b: 1) }"}"#)
        let answer = try server.send("GET", "/metrics")
        #expect(answer.status == 200 && answer.type == "text/plain; version=0.0.4; charset=utf-8")
        for line in [
            #"atrium_graphql_operations_total{kind="query",outcome="ok"} 1"#,
            #"atrium_graphql_operations_total{kind="query",outcome="errors"} 1"#,
            #"atrium_graphql_operations_total{kind="query",outcome="invalid_variables"} 1"#,
            #"atrium_graphql_operations_total{kind="unknown",outcome="invalid_request"} 1"#,
            #"atrium_graphql_operations_total{kind="unknown",outcome="syntax_error"} 1"#,
            #"atrium_graphql_operations_total{kind="mutation",outcome="ok"} 1"#,
            #"atrium_graphql_operations_total{kind="subscription",outcome="ok"} 1"#,
            #"atrium_graphql_operation_duration_seconds_count{kind="mutation"} 1"#,
            "atrium_documents_missed_total 7", "atrium_documents_evicted_total 0",
            #"atrium_http_requests_total 8"#, "atrium_http_request_duration_seconds_count 7",
            #"atrium_http_request_duration_seconds_bucket{le="+Inf"} 7"#, "atrium_ready 1",
            "# TYPE atrium_loop_turn_seconds histogram",
        ] { #expect(answer.text.contains(line + "\n"), "\(line)\n\(answer.text)") }
        // What clients send never becomes a label or a value.
        #expect(!answer.text.contains("inventedField") && !answer.text.contains("greetings"))
        for line in answer.text.split(separator: "\n") where !line.hasPrefix("#") {
            #expect(line.wholeMatch(of: /[a-z_]+(\{[a-zA-Z0-9_="+.,-]*\})? [0-9.e+-]+/) != nil, "\(line)")
        }
        await server.stop()
    }

    @Test func `the schema is text that can be read again`() async throws {
        let server = try observed()
        let answer = try server.send("GET", "/schema.graphql")
        #expect(answer.status == 200 && answer.type == "text/plain; charset=utf-8")
        #expect(answer.text.contains("type Query {") && answer.text.contains("hello: String!"))
        #expect(try server.send("HEAD", "/schema.graphql").status == 200)
        #expect(try server.send("POST", "/schema.graphql", [:], body: "x").status == 405)
        await server.stop()
    }

    @Test func `a server that drains is healthy but not ready`() async throws {
        let readiness = ServiceReadiness()
        let server = try TransportServer {
            $0.endpoints = .standard
            $0.readiness = readiness
        }
        #expect(try server.send("GET", "/readyz").status == 200)
        readiness.end()
        #expect(try server.send("GET", "/readyz").status == 503)
        #expect(try server.send("GET", "/healthz").status == 200)
        await server.stop()
    }

    @Test func `nothing is told where nothing was asked for`() async throws {
        let server = try TransportServer()
        for path in ["/metrics", "/schema.graphql", "/healthz", "/readyz"] {
            #expect(try server.send("GET", path).status == 404)
        }
        #expect(try server.post(hello).fields["x-request-id"] == nil)
        await server.stop()
    }
}
