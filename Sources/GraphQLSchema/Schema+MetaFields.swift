extension Schema {
    /// The fields every query type has beside its own: `__schema` and `__type(name:)`.
    /// `__typename` is a field of every type that has a selection set, and comes first.
    ///
    /// https://spec.graphql.org/September2025/#sec-Schema-Introspection
    public var metaFields: [FieldDefinition] {
        guard let schemaType = type(named: "__Schema"), let typeType = type(named: "__Type"),
            let string = type(named: "String")
        else { preconditionFailure("every schema has the introspection types") }
        func field(_ name: String, _ type: TypeReference, _ arguments: [InputValueDefinition] = []) -> FieldDefinition {
            FieldDefinition(name: name, arguments: arguments, type: type, appliedDirectives: [])
        }
        let name = InputValueDefinition(name: "name", type: TypeReference(string).required, appliedDirectives: [])
        return [
            field("__typename", TypeReference(string).required),
            field("__schema", TypeReference(schemaType).required),
            field("__type", TypeReference(typeType), [name]),
        ]
    }
}
