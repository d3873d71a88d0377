import Glibc

/// A system call that failed: which one, and why.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    public let call: String
    public let code: Int32

    public init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// Takes the reason from `errno`; to be called before anything else can change it.
    init(_ call: String) { self.init(call, code: errno) }

    public var description: String { "\(call): \(String(cString: strerror(code)))" }
}
