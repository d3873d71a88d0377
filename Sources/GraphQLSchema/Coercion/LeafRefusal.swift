/// Why a leaf type refuses a value, in the words of graphql-js where it is a type of the specification.
public struct LeafRefusal: Error, Hashable, Sendable {
    public let message: String

    public init(_ message: String) { self.message = message }
}
