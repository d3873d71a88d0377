import GraphQLSchema

/// Finds fields that answer the subscription type, whose own fields are streams of events and not values.
enum RootAnswers {
    static func faults(in source: SchemaSource) -> [Diagnostic] {
        let schema = source.schema
        guard let root = schema.subscriptionType else { return [] }
        var faults: [Diagnostic] = []
        for type in schema.types where type.kind == .object && !type.origins.isEmpty {
            for field in type.fields where schema.canAnswer(field, root) {
                let message =
                    "A field cannot answer \(schema[root].name), the subscription type: its fields are streams of events."
                faults.append(source.fault(at: field.origin, "\(type.name).\(field.name)", message))
            }
        }
        return faults
    }
}

extension Schema {
    /// Whether a value of a field can be of an object type.
    func canAnswer(_ field: FieldDefinition, _ type: TypeID) -> Bool {
        field.type.type == type
            || self[field.type.type].isAbstract && self[field.type.type].possibleTypes.contains(type)
    }
}
