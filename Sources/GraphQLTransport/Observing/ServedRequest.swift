public import HTTPServer

/// The HTTP request whose operation runs in the current task, for what is far from it, such as the presentation of errors.
public enum ServedRequest {
    @TaskLocal public static var current: HTTPRequest?
}

extension Log {
    /// Logs an error whose message no client sees, with the request it belongs to.
    public func fault(_ error: any Error) {
        var values: [(StaticString, LogValue)] = [("error", .text("\(error)")), ("type", .text("\(type(of: error))"))]
        if let request = ServedRequest.current {
            values.append(("request.id", .text(request.id)))
            values.append(("trace.id", .text(request.trace.traceID)))
        }
        write(.error, "fault", values)
    }
}
