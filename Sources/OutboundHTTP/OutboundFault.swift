/// Why there is no answer.
package enum OutboundFault: Error, Sendable, Equatable {
    /// No address of the web, or something that would have ended a line.
    case invalidRequest
    /// Too many requests wait already, or this one has waited for its turn until its deadline.
    case busy
    /// The server has failed again and again; it is asked again later.
    case circuitOpen
    case deadlineExceeded
    /// No such name, or nobody listens there.
    case unreachable
    /// The name leads to an address that the request may not reach.
    case refusedAddress
    /// The certificate is of somebody else, or expired.
    case untrusted
    /// The answer is longer than wanted.
    case tooLarge
    /// A server of mails said no with this code, of which 4xx are for a while.
    case mailRefused(code: Int)
    /// The connection ended, or what came was no answer.
    case broken(String)
    /// The client was closed.
    case closed

    /// Whether it tells of the server's state, and not of what was asked.
    var isOfServer: Bool {
        switch self {
        case .deadlineExceeded, .unreachable, .untrusted, .broken: true
        case .mailRefused(let code): code == 421
        case .invalidRequest, .busy, .circuitOpen, .refusedAddress, .tooLarge, .closed: false
        }
    }

    /// A word for labels of metrics.
    package var word: String {
        switch self {
        case .invalidRequest: "invalid_request"
        case .busy: "busy"
        case .circuitOpen: "circuit_open"
        case .deadlineExceeded: "deadline"
        case .unreachable: "unreachable"
        case .refusedAddress: "refused_address"
        case .untrusted: "untrusted"
        case .tooLarge: "too_large"
        case .mailRefused: "mail_refused"
        case .broken: "broken"
        case .closed: "closed"
        }
    }

    /// The order of metrics.
    static let words = [
        "invalid_request", "busy", "circuit_open", "deadline", "unreachable", "refused_address", "untrusted",
        "too_large", "mail_refused", "broken", "closed",
    ]
}
