import GraphQLSchema

/// The schema that is introspected; one for all values of an introspection.
final class IntrospectedSchema: Sendable {
    let schema: Schema
    /// What introspection shows: the schema's own types, each followed by the built-in ones it is the first to use.
    /// Built-in scalars that nothing uses are not among them.
    let types: [TypeID]
    private let shown: Set<TypeID>

    init(_ schema: Schema) {
        self.schema = schema
        types = ReferencedTypes.list(schema)
        shown = Set(types)
    }

    func type(named name: String) -> IntrospectedType? {
        guard let type = schema.type(named: name), shown.contains(type) else { return nil }
        return IntrospectedType(self, TypeReference(type))
    }
}

/// Walks from type to type, in the order in which other servers list them.
private struct ReferencedTypes {
    private let schema: Schema
    private var types: [TypeID] = []
    private var seen: Set<TypeID>

    static func list(_ schema: Schema) -> [TypeID] {
        let own = schema.types.indices.map { TypeID($0) }.filter { !schema[$0].origins.isEmpty }
        var walk = ReferencedTypes(schema: schema, seen: Set(own))
        for type in own { walk.open(type) }
        for directive in schema.directives { directive.arguments.forEach { walk.visit($0.type.type) } }
        if let introspection = schema.type(named: "__Schema") { walk.visit(introspection) }
        return walk.types
    }

    private init(schema: Schema, seen: Set<TypeID>) {
        self.schema = schema
        self.seen = seen
    }

    private mutating func visit(_ type: TypeID) {
        if seen.insert(type).inserted { open(type) }
    }

    /// Built-in types refer to each other only a few levels deep, and the schema's own are all seen before.
    private mutating func open(_ id: TypeID) {
        types.append(id)
        let type = schema[id]
        if type.kind == .union { type.possibleTypes.forEach { visit($0) } }
        type.interfaces.forEach { visit($0) }
        for field in type.fields {
            visit(field.type.type)
            field.arguments.forEach { visit($0.type.type) }
        }
        type.inputFields.forEach { visit($0.type.type) }
    }
}
