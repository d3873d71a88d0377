/// Why a text is not JSON, or not JSON within the limits.
public struct JSONError: Error, Hashable, Sendable {
    public let message: String
    /// The byte offset at which reading stopped.
    public let offset: Int

    public init(message: String, offset: Int) {
        self.message = message
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String { "\(message) (byte \(offset))" }
}
