/// The coerced variables of a request, found by name.
public struct VariableValues: Sendable {
    /// In the order of their definitions; variables without a value are left out.
    public let fields: [Value.Field]
    private let places: [String: Int]

    /// Those of an operation that defines none.
    public static let none = VariableValues()

    public init(_ fields: [Value.Field] = []) {
        self.fields = fields
        // A document can name thousands of variables thousands of times; most name three.
        places = fields.count < Self.fewFields ? [:] : Dictionary(zip(fields.map(\.name), fields.indices)) { $1 }
    }

    public subscript(name: String) -> Value? {
        guard places.isEmpty else { return places[name].map { fields[$0].value } }
        return fields.first { $0.name == name }?.value
    }

    private static let fewFields = 16
}

extension VariableValues: Hashable {
    public static func == (one: VariableValues, other: VariableValues) -> Bool { one.fields == other.fields }
    public func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}
