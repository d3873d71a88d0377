/// Something that keeps a key from being made or changed.
package struct APIKeyFault: Error, Sendable, Equatable {
    package enum Code: Sendable, Equatable {
        case invalidInput
        case notFound
        case forbidden
        /// It was revoked, or its time is over.
        case invalidTransition
        case quota(limit: Int)
    }

    package let code: Code
    package let path: [String]
    package let message: String

    init(_ code: Code, _ path: [String], _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    /// The word for the audit log.
    var auditCode: String {
        switch code {
        case .invalidInput: "INVALID_INPUT"
        case .notFound: "NOT_FOUND"
        case .forbidden: "FORBIDDEN"
        case .invalidTransition: "INVALID_TRANSITION"
        case .quota: "QUOTA_EXCEEDED"
        }
    }
}
