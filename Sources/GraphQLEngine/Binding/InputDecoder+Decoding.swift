import GraphQLSchema

extension InputDecoder {
    /// Decodes an argument or input field. Nil where it cannot be taken; then a violation says why.
    public mutating func decode<Decoded: InputDecodable>(
        _ type: Decoded.Type,
        _ name: String,
        _ fields: InputFields,
        _ constraint: InputConstraint? = nil
    ) -> Decoded? {
        guard let field = fields.first(where: { $0.name == name }) else {
            // Coercion has seen to it that whatever is required is there.
            return Decoded.omitted ?? (isPartial ? nil : at(name) { $0.refuse("given") })
        }
        if isPartial, field.value == .null { return Decoded.omitted }
        return at(name) { decoder in
            guard let constraint, field.value != .null else { return Decoded.decode(field.value, &decoder) }
            let before = decoder.violations.count
            let value = constraint.check(field.value, &decoder)
            return decoder.violations.count == before ? Decoded.decode(value, &decoder) : nil
        }
    }

    public mutating func decodeArguments<Arguments: InputObject>(
        _ type: Arguments.Type,
        _ fields: InputFields
    ) -> DecodedArguments? {
        Arguments(fields, &self).map { DecodedArguments($0) }
    }

    /// Says that a value is not what its type takes.
    public mutating func refuse<Decoded>(_ expected: String) -> Decoded? {
        report("type", "Must be \(expected).")
        return nil
    }
}
