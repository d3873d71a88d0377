/// Something that keeps an account from being managed, and that whoever asks can do something about.
package struct ManagementFault: Error, Sendable, Equatable {
    package enum Code: String, Sendable {
        case invalidInput = "INVALID_INPUT"
        case notFound = "NOT_FOUND"
        case forbidden = "FORBIDDEN"
        case emailTaken = "EMAIL_TAKEN"
        case lastOwner = "LAST_OWNER"
        case invalidTransition = "INVALID_TRANSITION"
    }

    package let code: Code
    package let path: [String]
    package let message: String

    init(_ code: Code, _ path: [String], _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    static func notFound(_ path: [String]) -> ManagementFault {
        ManagementFault(.notFound, path, "There is no such thing.")
    }

    /// Nil for what has no word among these.
    init?(_ violation: ConstraintViolation) {
        guard let code = Code(rawValue: violation.code.rawValue) else { return nil }
        self.init(code, [], violation.message)
    }
}

package typealias ManagementFaults = Faults<ManagementFault>
