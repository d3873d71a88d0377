import GraphQLLanguage

/// Reads a schema as introspection describes it: all types by name, then root types, directives, and the members.
struct IntrospectionReader {
    private var builder = SchemaBuilder()
    /// The types that are described; one that is not cannot be referred to, built in or not.
    private var described: Set<String> = []

    mutating func read(_ description: Value) throws(GraphQLError) -> Schema {
        var types: [(id: TypeID, description: Value)] = []
        for type in description.list("types") ?? [] {
            let declared = try declare(type)
            if let declared { types.append((declared, type)) }
        }
        builder.declareBuiltIns()
        builder.schema.description = description.string("description")
        builder.schema.queryType = try rootType(description["queryType"])
        builder.schema.mutationType = try rootType(description["mutationType"])
        builder.schema.subscriptionType = try rootType(description["subscriptionType"])
        for directive in description.list("directives") ?? [] { builder.schema.append(try self.directive(directive)) }
        for type in types { try readMembers(of: type.id, type.description) }
        return builder.finished()
    }

    // MARK: Types

    /// Adds a type without its members; nil for the built-in types, which are known.
    private mutating func declare(_ description: Value) throws(GraphQLError) -> TypeID? {
        guard let name = description.string("name"), let kind = description.string("kind").flatMap(Self.kind) else {
            throw GraphQLError(
                "Invalid or incomplete introspection result. Ensure that a full introspection query is used in order "
                    + "to build a client schema: \(description.inspected)."
            )
        }
        switch kind {
        case .union: try require("possibleTypes", of: description)
        case .enum: try require("enumValues", of: description)
        case .inputObject: try require("inputFields", of: description)
        default: break
        }
        try checkName(name)
        guard described.insert(name).inserted, !BuiltIns.typeNames.contains(name) else { return nil }
        var type = NamedType(name: name, kind: kind)
        type.description = description.string("description")
        type.specifiedByURL = kind == .scalar ? description.string("specifiedByURL") : nil
        type.isOneOf = kind == .inputObject && description["isOneOf"] == .boolean(true)
        if kind == .enum {
            for value in distinct("enumValues", of: description) { type.values.append(try enumValue(value)) }
        }
        let id = TypeID(builder.schema.types.count)
        builder.declare(type)
        return id
    }

    private static func kind(_ name: String) -> NamedType.Kind? {
        switch name {
        case "SCALAR": .scalar
        case "OBJECT": .object
        case "INTERFACE": .interface
        case "UNION": .union
        case "ENUM": .enum
        case "INPUT_OBJECT": .inputObject
        default: nil
        }
    }

    private mutating func readMembers(of id: TypeID, _ description: Value) throws(GraphQLError) {
        switch builder.schema[id].kind {
        case .scalar, .enum: return
        case .object, .interface:
            try require("fields", of: description)
            for field in distinct("fields", of: description) {
                builder.schema.types[id.index].fields.append(try self.field(field))
            }
            // Introspection of old servers says null where an interface has none.
            if description["interfaces"] == .null, builder.schema[id].kind == .interface { return }
            try require("interfaces", of: description)
            for interface in description.list("interfaces") ?? [] {
                let type = try namedType(interface, .interface)
                builder.schema.types[id.index].interfaces.append(type)
            }
        case .union:
            for member in description.list("possibleTypes") ?? [] {
                let type = try namedType(member, .object)
                builder.schema.types[id.index].possibleTypes.append(type)
            }
        case .inputObject:
            for field in distinct("inputFields", of: description) {
                builder.schema.types[id.index].inputFields.append(try inputValue(field))
            }
        }
    }

    // MARK: Members

    private func field(_ description: Value) throws(GraphQLError) -> FieldDefinition {
        let type = try type(description["type"])
        guard builder.schema[type.type].isOutput else {
            throw GraphQLError(
                "Introspection must provide output type for fields, but received: "
                    + "\(builder.schema.description(of: type))."
            )
        }
        try require("args", of: description, as: "field args")
        return FieldDefinition(
            name: try name(of: description),
            description: description.string("description"),
            arguments: try inputValues(distinct("args", of: description)),
            type: type,
            deprecationReason: description.string("deprecationReason"),
            appliedDirectives: []
        )
    }

    private func inputValues(_ descriptions: [Value]) throws(GraphQLError) -> [InputValueDefinition] {
        var values: [InputValueDefinition] = []
        for description in descriptions { values.append(try inputValue(description)) }
        return values
    }

    private func inputValue(_ description: Value) throws(GraphQLError) -> InputValueDefinition {
        let type = try type(description["type"])
        guard builder.schema[type.type].isInput else {
            throw GraphQLError(
                "Introspection must provide input type for arguments, but received: "
                    + "\(builder.schema.description(of: type))."
            )
        }
        return InputValueDefinition(
            name: try name(of: description),
            description: description.string("description"),
            type: type,
            defaultValue: try description.string("defaultValue").flatMap(defaultValue),
            deprecationReason: description.string("deprecationReason"),
            appliedDirectives: []
        )
    }

    private func defaultValue(_ text: String) throws(GraphQLError) -> Value? {
        do throws(SyntaxError) {
            let literal = try Document(parsingValue: text)
            // A default has no variables to take values from.
            return literal.nodes.contains { $0.kind == .variable } ? nil : literal.constantValue(0)
        } catch {
            throw GraphQLError(error)
        }
    }

    private func enumValue(_ description: Value) throws(GraphQLError) -> EnumValueDefinition {
        let name = description.string("name") ?? ""
        if let problem = NameSyntax.problem(withEnumValue: name) { throw GraphQLError(problem) }
        return EnumValueDefinition(
            name: name,
            description: description.string("description"),
            deprecationReason: description.string("deprecationReason"),
            appliedDirectives: []
        )
    }

    private func directive(_ description: Value) throws(GraphQLError) -> DirectiveDefinition {
        try require("args", of: description, as: "directive args")
        try require("locations", of: description, as: "directive locations")
        let locations = (description.list("locations") ?? []).compactMap { location in
            if case .string(let name) = location { DirectiveLocation(rawValue: name) } else { nil }
        }
        return DirectiveDefinition(
            name: try name(of: description),
            description: description.string("description"),
            arguments: try inputValues(distinct("args", of: description)),
            isRepeatable: description["isRepeatable"] == .boolean(true),
            locations: locations
        )
    }

    // MARK: References

    private func rootType(_ reference: Value?) throws(GraphQLError) -> TypeID? {
        guard let reference, reference != .null else { return nil }
        return try namedType(reference, .object)
    }

    private func namedType(_ reference: Value, _ kind: NamedType.Kind) throws(GraphQLError) -> TypeID {
        let type = try namedType(reference)
        guard builder.schema[type].kind == kind else {
            throw GraphQLError(
                "Expected \(builder.schema[type].name) to be a GraphQL \(kind == .object ? "Object" : "Interface") type."
            )
        }
        return type
    }

    private func namedType(_ reference: Value) throws(GraphQLError) -> TypeID {
        guard let name = reference.string("name"), !name.isEmpty else {
            throw GraphQLError("Unknown type reference: \(reference.inspected).")
        }
        guard described.contains(name), let type = builder.schema.type(named: name) else {
            throw GraphQLError(
                "Invalid or incomplete schema, unknown type: \(name). "
                    + "Ensure that a full introspection query is used in order to build a client schema."
            )
        }
        return type
    }

    /// A type with the lists and non-null marks around it. How deep they are is bounded where JSON is read.
    private func type(_ reference: Value?) throws(GraphQLError) -> TypeReference {
        let reference = reference ?? .null
        let kind = reference.string("kind")
        guard kind == "LIST" || kind == "NON_NULL" else { return TypeReference(try namedType(reference)) }
        guard let inner = reference["ofType"], inner != .null else {
            throw GraphQLError("Decorated type deeper than introspection query.")
        }
        let type = try type(inner)
        if kind == "LIST" {
            guard type.listDepth < TypeReference.maximumListDepth else {
                throw GraphQLError("Lists cannot be nested deeper than \(TypeReference.maximumListDepth) levels.")
            }
            return type.list
        }
        guard !type.isNonNull else {
            throw GraphQLError("Expected \(builder.schema.description(of: type)) to be a GraphQL nullable type.")
        }
        return type.required
    }

    // MARK: Checks

    private func require(_ member: String, of description: Value, as name: String? = nil) throws(GraphQLError) {
        guard description.list(member) == nil else { return }
        throw GraphQLError("Introspection result missing \(name ?? member): \(description.inspected).")
    }

    /// What a list of members describes; one of two with the same name.
    private func distinct(_ list: String, of description: Value) -> [Value] {
        var names: Set<String> = []
        return (description.list(list) ?? []).filter { names.insert($0.string("name") ?? "").inserted }
    }

    private func name(of description: Value) throws(GraphQLError) -> String {
        let name = description.string("name") ?? ""
        try checkName(name)
        return name
    }

    private func checkName(_ name: String) throws(GraphQLError) {
        if let problem = NameSyntax.problem(with: name) { throw GraphQLError(problem) }
    }
}

extension Value {
    fileprivate func list(_ name: String) -> [Value]? {
        if case .list(let values) = self[name] { values } else { nil }
    }

    fileprivate func string(_ name: String) -> String? {
        if case .string(let text) = self[name] { text } else { nil }
    }
}
