extension Log {
    /// Logs one request: `HTTPServerConfiguration.accessLog`. The query of its target is left out, as it may hold anything.
    public func access(_ record: HTTPAccessRecord) {
        var values: [(StaticString, LogValue)] = []
        if let request = record.request {
            let trace = request.trace
            values = [
                ("request.id", .text(request.id)), ("trace.id", .text(trace.traceID)), ("span.id", .text(trace.spanID)),
            ]
            if let parent = trace.parentID { values.append(("parent.id", .text(parent))) }
            if let peer = request.peer { values.append(("client", .text("\(peer)"))) }
            values.append(("method", .text(request.method.name.description)))
            values.append(("path", .text(request.path.string)))
        }
        values.append(("status", .number(Int(record.status.code))))
        values.append(("bytes", .number(record.bodyBytes)))
        values.append(("duration.ms", .nanoseconds(record.nanoseconds)))
        if let violation = record.violation { values.append(("refused", .text("\(violation)"))) }
        if let agent = record.request?["user-agent"] { values.append(("agent", .text(agent.string))) }
        write(record.status.code >= 500 ? .error : .info, "request", values)
    }
}
