import GraphQLSchema

extension Schema {
    /// The types that a developer defined.
    var ownTypes: [NamedType] { types.filter { !$0.origins.isEmpty || documents.isEmpty && !$0.name.hasPrefix("__") } }

    /// Every field of objects and interfaces, with its type and its coordinate.
    var outputFields: [(type: NamedType, field: FieldDefinition, coordinate: String)] {
        ownTypes.flatMap { type in type.fields.map { (type, $0, "\(type.name).\($0.name)") } }
    }

    /// Every argument of fields and directives and every input field, with its coordinate.
    var inputs: [(input: InputValueDefinition, coordinate: String)] {
        let arguments = outputFields.flatMap { _, field, coordinate in
            field.arguments.map { ($0, "\(coordinate)(\($0.name):)") }
        }
        let fields = ownTypes.flatMap { type in type.inputFields.map { ($0, "\(type.name).\($0.name)") } }
        let ofDirectives = ownDirectives.flatMap { directive in
            directive.arguments.map { ($0, "@\(directive.name)(\($0.name):)") }
        }
        return arguments + fields + ofDirectives
    }

    var ownDirectives: [DirectiveDefinition] { directives.filter { $0.origin != nil } }

    func isMember(_ type: NamedType, of name: String) -> Bool {
        type.interfaces.contains { self[$0].name == name }
    }

    /// The fields at which operations begin.
    func rootFields(_ root: TypeID?) -> [(field: FieldDefinition, coordinate: String)] {
        guard let root else { return [] }
        return self[root].fields.map { ($0, "\(self[root].name).\($0.name)") }
    }
}

extension [AppliedDirective] {
    func contains(_ name: String) -> Bool { contains { $0.name == name } }
}
