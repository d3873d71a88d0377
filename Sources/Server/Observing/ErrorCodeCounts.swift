import GraphQLSchema
import GraphQLTransport
import Synchronization

/// The errors that clients were answered by, of fields and of requests that were refused, by their codes.
final class ErrorCodeCounts: Sendable {
    /// Codes are names of the program; should there be more than this, they are counted together.
    private static let limit = 100
    private let counts = Mutex<[String: UInt64]>([:])

    func count(_ error: GraphQLError) {
        var code = "none"
        if case .string(let text) = error.extensions["code"] { code = text }
        counts.withLock { counts in
            let isKnown = counts[code] != nil || counts.count < Self.limit
            counts[isKnown ? code : "other", default: 0] &+= 1
        }
    }

    func addMetrics(to page: inout PrometheusText) {
        let counts = counts.withLock { $0 }.sorted { $0.key < $1.key }
        page.counter(
            "atrium_graphql_errors_total",
            "Errors that clients were answered by, of fields and of requests that were refused.",
            counts.map { ("code=\"\($0.key)\"", $0.value) }
        )
    }
}
