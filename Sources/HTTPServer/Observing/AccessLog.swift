import EventLoop

extension Log {
    /// Logs one request: `HTTPServerConfiguration.accessLog`. The query of its target is left out, as it may hold anything.
    ///
    /// - Parameter client: who sent it, where that is not whoever holds the connection, as behind a proxy.
    public func access(_ record: HTTPAccessRecord, client: String? = nil) {
        let level: LogLevel = record.status.code >= 500 ? .error : .info
        guard writes(level) else { return }
        guard form != .combined else {
            return write(level) { LogLine.combined(record, client: client ?? record.peer.host, at: $0) }
        }
        var values: [(StaticString, LogValue)] = []
        if let id = record.id ?? record.request?.id { values.append(("request.id", .text(id))) }
        if let trace = record.request?.trace {
            values += [("trace.id", .text(trace.traceID)), ("span.id", .text(trace.spanID))]
            if let parent = trace.parentID { values.append(("parent.id", .text(parent))) }
        }
        values.append(("client", .text(client ?? "\(record.peer)")))
        if let request = record.request {
            values.append(("method", .text(request.method.name.description)))
            values.append(("path", .text(request.path.string)))
        }
        values.append(("status", .number(Int(record.status.code))))
        values.append(("bytes", .number(record.bodyBytes)))
        values.append(("duration.ms", .nanoseconds(record.nanoseconds)))
        if let violation = record.violation { values.append(("refused", .text("\(violation)"))) }
        if let agent = record.request?["user-agent"] { values.append(("agent", .text(agent.string))) }
        write(level, "request", values)
    }
}
