package import PostgresClient

/// Something that keeps a thing from being done, and that whoever asks can do something about.
package struct Fault<Code: FaultCode>: Error, Sendable, Equatable {
    package let code: Code
    /// Of the argument it is about.
    package let path: [String]
    package let message: String
    package let detail: FaultDetail?

    init(_ code: Code, _ path: [String], _ message: String, _ detail: FaultDetail? = nil) {
        self.code = code
        self.path = path
        self.message = message
        self.detail = detail
    }

    static func invalid(_ field: String, _ rule: String) -> Fault { Fault(.invalidInput, ["input", field], rule) }
}

/// What can be wrong in a module. The words are those of the schema's user errors, and of the audit log.
package protocol FaultCode: RawRepresentable<String>, CaseIterable, Equatable, Sendable {
    static var invalidInput: Self { get }
}

/// The same where actions are told what to do something to.
package protocol LookupFaultCode: FaultCode {
    static var notFound: Self { get }
}

extension Fault where Code: LookupFaultCode {
    static func notFound(_ path: [String]) -> Fault { Fault(.notFound, path, "There is no such thing.") }
}

/// What else is to be known of a fault.
package enum FaultDetail: Equatable, Sendable {
    /// What there is too much of, and how much there may be.
    case quota(_ feature: String, limit: Int, used: Int)
    /// The version that is there, where another one was expected.
    case version(Int32)
    /// From when on it may be done, where that is all it takes.
    case until(Timestamp)
    /// The same, for those who wait.
    case wait(seconds: Int)
}
