import Glibc
internal import Synchronization

/// A piece of work that is over, as a part of a distributed trace: https://opentelemetry.io/docs/specs/otel/trace/api/#span
public struct Span: Sendable {
    public enum Kind: Sendable {
        /// Within the server.
        case `internal`
        /// What a client has asked for.
        case server
        /// What was asked of another server.
        case client
    }

    public enum Value: Sendable, Equatable {
        case text(String)
        case number(Int)
    }

    /// 32 hexadecimal digits.
    public let traceID: String
    /// 16 digits.
    public let spanID: String
    public let parentID: String?
    public let name: String
    public let kind: Kind
    /// Nanoseconds since 1970.
    public let start: UInt64
    public let end: UInt64
    public let attributes: [(name: StaticString, value: Value)]
    public let hasFailed: Bool
}

/// Decides which traces are kept, and hands on what belongs to them.
public final class Tracer: Sendable {
    public struct Options: Sendable {
        /// Of traces that begin here, the share that is kept.
        public var ratio = 1.0
        /// Whether a caller's flag says if its trace is kept; else the share holds for these, too.
        public var heedsCallers = true

        public init() {}
    }

    private let options: Options
    private let threshold: UInt64
    private let export: @Sendable (Span) -> Void

    /// - Parameter export: takes what is kept, at once; it runs on loops and must not block.
    public init(_ options: Options = Options(), export: @escaping @Sendable (Span) -> Void) {
        self.options = options
        threshold = UInt64(max(0, min(1, options.ratio)) * Double(UInt64(1) << 63))
        self.export = export
    }

    /// Whether a trace is kept: all its parts ask, and hear the same.
    public func keeps(_ trace: TraceContext) -> Bool {
        if options.heedsCallers, trace.parentID != nil { return trace.isSampled }
        // https://opentelemetry.io/docs/specs/otel/trace/sdk/#traceidratiobased
        return (UInt64(trace.traceID.suffix(16), radix: 16) ?? 0) >> 1 < threshold
    }

    /// What an HTTP request was, once its response is complete: `HTTPServerConfiguration.accessLog`. Its query may hold anything,
    /// and is left out.
    public func finish(_ record: HTTPAccessRecord) {
        guard let request = record.request else { return }
        let trace = request.trace
        guard keeps(trace) else { return }
        let method = request.method.name.description
        let isKnown = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(method)
        var attributes: [(name: StaticString, value: Span.Value)] = [
            ("http.request.method", .text(isKnown ? method : "_OTHER")),
            ("url.path", .text(String(request.path.string.prefix(200)))),
            ("http.response.status_code", .number(Int(record.status.code))),
            ("http.response.body.size", .number(record.bodyBytes)),
        ]
        if let id = record.id { attributes.append(("http.request.header.x-request-id", .text(id))) }
        let end = Self.clock()
        export(
            Span(
                traceID: trace.traceID,
                spanID: trace.spanID,
                parentID: trace.parentID,
                name: isKnown ? method : "HTTP",
                kind: .server,
                start: end &- record.nanoseconds,
                end: end,
                attributes: attributes,
                hasFailed: record.status.code >= 500
            )
        )
    }

    fileprivate func finish(_ span: Span) { export(span) }

    /// Nanoseconds since 1970.
    public static func clock() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// A piece of work of a trace that is kept, for as long as it is under way; what it does are its children.
///
/// Tasks that outlive it, such as those that read events for all who come later, inherit it and have no part in it any more.
public final class ActiveSpan: Sendable {
    @TaskLocal private static var ofTask: ActiveSpan?

    private let tracer: Tracer
    public let traceID: String
    public let spanID: String
    private let parentID: String?
    private let start: UInt64
    private let isOver = Atomic(false)

    /// That of the current task; nil where nothing is kept, which is nearly always.
    public static var current: ActiveSpan? {
        guard let span = ofTask, !span.isOver.load(ordering: .relaxed) else { return nil }
        return span
    }

    /// What `body` does is a part of this.
    public func during<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        try await Self.$ofTask.withValue(self) { try await body() }
    }

    /// Begins work for a request; nil where its trace is not kept.
    public init?(of trace: TraceContext, _ tracer: Tracer) {
        guard tracer.keeps(trace) else { return nil }
        self.tracer = tracer
        traceID = trace.traceID
        parentID = trace.spanID
        spanID = Self.newID()
        start = Tracer.clock()
    }

    /// The work is done.
    public func finish(
        _ name: String,
        _ attributes: [(name: StaticString, value: Span.Value)],
        hasFailed: Bool = false
    ) {
        isOver.store(true, ordering: .relaxed)
        tracer.finish(
            Span(
                traceID: traceID,
                spanID: spanID,
                parentID: parentID,
                name: name,
                kind: .internal,
                start: start,
                end: Tracer.clock(),
                attributes: attributes,
                hasFailed: hasFailed
            )
        )
    }

    /// Something was asked of another server meanwhile, from `start` until now.
    public func asked(
        _ name: String,
        since start: UInt64,
        _ attributes: [(name: StaticString, value: Span.Value)],
        hasFailed: Bool = false
    ) {
        tracer.finish(
            Span(
                traceID: traceID,
                spanID: Self.newID(),
                parentID: spanID,
                name: name,
                kind: .client,
                start: start,
                end: Tracer.clock(),
                attributes: attributes,
                hasFailed: hasFailed
            )
        )
    }

    private static func newID() -> String { RequestNumbers.text(UInt64.random(in: 1 ... .max)) }
}
