import HTTPServer
import OutboundHTTP

extension ActiveSpan {
    /// A statement was answered: by its name, and without its parameters.
    func asked(statement name: String, rows: Int, since start: UInt64) {
        asked(
            name,
            since: start,
            [
                ("db.system.name", .text("postgresql")), ("db.query.summary", .text(name)),
                ("db.response.returned_rows", .number(rows)),
            ]
        )
    }
}

extension OutboundOptions {
    /// Reports requests to the traces of those they are made for.
    mutating func reportToTraces() {
        observer = {
            guard let span = ActiveSpan.current else { return nil }
            let start = Tracer.clock()
            return OutboundObserver { method, host, result in
                var attributes: [(name: StaticString, value: Span.Value)] = [
                    ("http.request.method", .text(method)), ("server.address", .text(host)),
                ]
                var hasFailed = true
                switch result {
                case .success(let status):
                    attributes.append(("http.response.status_code", .number(status)))
                    hasFailed = status >= 400
                case .failure(let error):
                    attributes.append(("error.type", .text((error as? OutboundFault)?.word ?? "cancelled")))
                }
                span.asked(method, since: start, attributes, hasFailed: hasFailed)
            }
        }
    }
}
