import HTTPServer
import OutboundHTTP
import PostgresClient

extension ActiveSpan {
    /// A statement was answered or failed: by its name, and without its parameters. Of what the database says to a failure, which
    /// may hold values, there is the state alone.
    func asked(statement name: String, _ outcome: StatementObserver.Outcome, since start: UInt64) {
        var attributes: [(name: StaticString, value: Span.Value)] = [
            ("db.system.name", .text("postgresql")), ("db.query.summary", .text(name)),
        ]
        switch outcome {
        case .rows(let rows):
            attributes.append(("db.response.returned_rows", .number(rows)))
            asked(name, since: start, attributes)
        case .failed(let error):
            let fault = error as? PostgresError
            if let state = fault?.fault?.state { attributes.append(("db.response.status_code", .text(state.code))) }
            attributes.append(("error.type", .text(fault?.word ?? "cancelled")))
            asked(name, since: start, attributes, hasFailed: true)
        }
    }
}

extension PostgresError {
    /// What kind of failure it was: the state where the database has told one.
    fileprivate var word: String {
        switch self {
        case .server(let fault): fault.state.code
        case .connectionLost: "connection_lost"
        case .commitUnknown: "commit_unknown"
        case .cannotConnect, .unavailable: "unavailable"
        case .queueFull: "queue_full"
        case .queueTimeout: "queue_timeout"
        case .deadlineExceeded: "timeout"
        case .closed: "closed"
        case .badColumn, .rowCount, .notTheCopyMeant: "unexpected_answer"
        }
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
