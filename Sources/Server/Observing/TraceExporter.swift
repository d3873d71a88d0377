import Credentials
import Data
import EventLoop
import GraphQLTransport
import HTTPServer
import OutboundHTTP

/// Hands spans to a collector of OpenTelemetry, as JSON over HTTP: https://opentelemetry.io/docs/specs/otlp/#otlphttp
final class TraceExporter: Sendable {
    /// Keeps traces for this exporter.
    let tracer: Tracer
    private let outbox: Outbox<Span>

    init(_ options: TracingOptions, _ client: OutboundClient, on loop: EventLoop) {
        let request = OTLPRequest(options)
        let outbox = Outbox<Span>(
            Outbox.Options(limit: options.queue, batch: 512, delay: .milliseconds(options.delayMilliseconds)),
            on: loop
        ) { spans in
            await Self.send(request.body(spans), options, client, on: loop)
        }
        self.outbox = outbox
        tracer = Tracer(options.sampling) { outbox.add($0) }
    }

    /// Sends what waits, at most for so long.
    func drain(within limit: Duration, on group: EventLoopGroup) async {
        try? await group.loops[0].start { [outbox] in await outbox.drain(within: limit) }
    }

    func addMetrics(to page: inout PrometheusText) {
        let counts = outbox.counts
        page.counter(
            "atrium_trace_spans_total",
            "Parts of traces that were kept, by what became of them.",
            [
                ("fate=\"sent\"", counts.sent), ("fate=\"dropped\"", counts.dropped), ("fate=\"lost\"", counts.lost),
            ]
        )
        page.gauge("atrium_trace_spans_waiting", "Parts of traces that wait to be sent.", counts.waiting)
    }

    /// A collector that is away or busy is asked three times; what comes meanwhile waits, as long as there is room.
    private static func send(
        _ body: [UInt8],
        _ options: TracingOptions,
        _ client: OutboundClient,
        on loop: EventLoop
    ) async -> Bool {
        var request = OutboundRequest("POST", options.endpoint)
        request.fields = [(name: "content-type", value: "application/json")] + options.fields
        request.body = body
        request.deadline = .seconds(10)
        request.maximumBytes = 64 << 10
        // The operator has named it.
        request.reach = .anywhere
        for attempt in 0..<3 {
            if attempt > 0 { try? await loop.sleep(for: .seconds(attempt)) }
            guard let response = try? await client.send(request) else { continue }
            if (200..<300).contains(response.status) { return true }
            // https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes
            guard [429, 502, 503, 504].contains(response.status) else { return false }
        }
        return false
    }
}

/// Spans as the body of a request to a collector.
struct OTLPRequest {
    private let resource: String

    init(_ options: TracingOptions) {
        resource = Self.attributes([
            ("service.name", .text(options.service)), ("service.version", .text(Server.version)),
            ("deployment.environment.name", .text(options.environment)),
        ])
    }

    func body(_ spans: [Span]) -> [UInt8] {
        let scope = #""scope":{"name":"atrium","version":\#(Self.quoted(Server.version))}"#
        let list = spans.map(Self.json).joined(separator: ",")
        let text =
            #"{"resourceSpans":[{"resource":{"attributes":\#(resource)},"scopeSpans":[{\#(scope),"spans":[\#(list)]}]}]}"#
        return Array(text.utf8)
    }

    /// Numbers of 64 bits are strings, and kinds and statuses numbers:
    /// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
    private static func json(_ span: Span) -> String {
        var text = #"{"traceId":"\#(span.traceID)","spanId":"\#(span.spanID)""#
        if let parent = span.parentID { text += #","parentSpanId":"\#(parent)""# }
        text += #","flags":1,"name":\#(quoted(span.name)),"kind":\#(number(of: span.kind))"#
        text += #","startTimeUnixNano":"\#(span.start)","endTimeUnixNano":"\#(span.end)""#
        text += #","attributes":\#(attributes(span.attributes.map { ("\($0.name)", $0.value) }))"#
        if span.hasFailed { text += #","status":{"code":2}"# }
        return text + "}"
    }

    private static func number(of kind: Span.Kind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        }
    }

    private static func attributes(_ attributes: [(String, Span.Value)]) -> String {
        let list = attributes.map { name, value in
            switch value {
            case .text(let text): #"{"key":"\#(name)","value":{"stringValue":\#(quoted(text))}}"#
            case .number(let number): #"{"key":"\#(name)","value":{"intValue":"\#(number)"}}"#
            }
        }
        return "[" + list.joined(separator: ",") + "]"
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONValue.append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
