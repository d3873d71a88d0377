public import GraphQLEngine
public import GraphQLSchema
public import HTTPServer

/// The request whose operation runs in the current task, for what is far from it, such as the presentation of errors: an
/// HTTP request, or the handshake of the socket that the operation came by.
public struct ServedRequest: Sendable {
    @TaskLocal public static var current: ServedRequest?

    private enum Source {
        case request(HTTPRequest)
        /// Sockets live long, and keep no more of their handshake than this; the trace where some are kept. All tasks of a socket
        /// share it.
        indirect case socket(id: String, traceID: String, TraceContext?)
    }
    private let source: Source

    init(_ request: HTTPRequest) { source = .request(request) }

    /// - Parameter handshake: what is not kept.
    init(ofSocket handshake: HTTPRequest, keepsTrace: Bool) {
        let trace = handshake.trace
        source = .socket(id: handshake.id, traceID: trace.traceID, keepsTrace ? trace : nil)
    }

    /// What its operations are parts of; nil where that is not kept.
    var trace: TraceContext? {
        switch source {
        case .request(let request): request.trace
        case .socket(_, _, let trace): trace
        }
    }

    /// What the response says in `X-Request-Id`.
    public var id: String {
        switch source {
        case .request(let request): request.id
        case .socket(let id, _, _): id
        }
    }

    public var traceID: String {
        switch source {
        case .request(let request): request.trace.traceID
        case .socket(_, let id, _): id
        }
    }
}

extension Log {
    /// Logs an error whose message no client sees, with the request it belongs to.
    public func fault(
        _ error: any Error,
        _ level: LogLevel = .error,
        _ more: [(StaticString, LogValue)] = []
    ) {
        let values: [(StaticString, LogValue)] = [
            ("error", .text("\(error)")), ("type", .text("\(type(of: error))")),
        ]
        write(level, "fault", values + more + Self.request)
    }

    /// Logs what came of an operation: never its document or its variables, which may hold anything.
    func operation(
        _ prepared: PreparedRequest,
        _ outcome: OperationCounters.Outcome,
        nanoseconds: UInt64
    ) {
        write(
            .debug,
            "operation",
            [
                ("name", .text(prepared.operationName)), ("kind", .text("\(prepared.operationType)")),
                ("outcome", .text("\(outcome.label)")), ("duration.ms", .nanoseconds(nanoseconds)),
            ] + Self.request
        )
    }

    private static var request: [(StaticString, LogValue)] {
        guard let request = ServedRequest.current else { return [] }
        return [("request.id", .text(request.id)), ("trace.id", .text(request.traceID))]
    }
}

extension EngineOptions {
    /// What clients see of an error that was not made to be shown: that there was one, and the id of the request, under
    /// which the log has the rest.
    ///
    /// - Parameter isShown: whether they see the error as well, for development.
    public static func masked(_ error: any Error, isShown: Bool) -> GraphQLError {
        var shown = masked(error)
        guard !(error is GraphQLError) else { return shown }
        if let request = ServedRequest.current { shown.extensions["requestId"] = .string(request.id) }
        if isShown { shown.extensions["error"] = .string("\(error)") }
        return shown
    }
}
