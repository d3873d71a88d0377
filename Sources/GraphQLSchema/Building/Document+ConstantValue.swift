import GraphQLLanguage

extension Document {
    /// A literal as a value, as it is written; a variable in it is null.
    func constantValue(_ node: Index) -> Value {
        switch self[node].kind {
        case .intValue:
            // Digits that overflow are kept as a float, as a JSON reader would.
            Int(text(of: node)).map(Value.int) ?? .float(Double(text(of: node)) ?? .infinity)
        case .floatValue: .float(Double(text(of: node)) ?? .infinity)
        case .stringValue: .string(stringValue(of: node))
        case .booleanValue: .boolean(self[node].flags.contains(.isTrue))
        case .enumValue: .enum(text(of: node))
        case .listValue: .list(children(of: node).map(constantValue))
        case .objectValue:
            .object(children(of: node).map { Value.Field(text(of: $0), constantValue($0 + 1)) })
        default: .null
        }
    }
}
