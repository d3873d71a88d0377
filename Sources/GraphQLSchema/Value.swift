/// A GraphQL value away from any text: a coerced variable, a default, a literal without variables, a JSON value.
///
/// Objects keep the order of their fields.
public enum Value: Hashable, Sendable {
    case null
    case int(Int)
    /// An integer too large for `int` keeps its digits as a float, as JSON readers do.
    case float(Double)
    case string(String)
    case boolean(Bool)
    case `enum`(String)
    case list([Value])
    case object([Field])

    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: Value

        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }
}

extension Value {
    /// The value of an object's field; nil where the value is no object or has no such field.
    public subscript(name: String) -> Value? {
        guard case .object(let fields) = self else { return nil }
        return fields.first { $0.name == name }?.value
    }
}
