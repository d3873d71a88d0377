import GraphQLSchema

/// Where the directives that the generator and the engine know have an effect. `docs/directives.md` is this table in
/// words.
enum DirectiveUse {
    case schema
    case type(NamedType)
    case field(FieldDefinition, of: NamedType)
    case argument(InputValueDefinition, of: FieldDefinition, NamedType)
    case inputField(InputValueDefinition, of: NamedType)
    case enumValue

    /// Why a directive does nothing here; nil where it does something.
    func objection(to directive: AppliedDirective, in schema: Schema, inert: [String]) -> String? {
        switch directive.name {
        case "deprecated", "specifiedBy", "oneOf", "binding", "cost", "sensitive": nil
        case "model": isRoot(in: schema) ? "a root type has no row" : nil
        case "embedded": embeddedObjection(in: schema)
        case "resolver": resolverObjection(in: schema)
        case "idOf": idObjection(directive, in: schema)
        case "swift": isBuiltInScalar ? "the Swift types of the built-in scalars are fixed" : nil
        case "constraint": constraintObjection(directive, in: schema)
        case "mayFail", "audit", "idempotency":
            isField(of: schema.mutationType, in: schema) ? nil : "it speaks of fields of the mutation type"
        case "live":
            isField(of: schema.subscriptionType, in: schema) ? nil : "it speaks of fields of the subscription type"
        case "listSize": listSizeObjection(in: schema)
        case "public", "auth", "requiresFeature", "rateLimit": accessObjection(in: schema)
        case let name where inert.contains(name): nil
        case let name:
            "nothing knows it; if it is only for readers, say so with @binding(inert: [\"\(name)\"]) on the schema"
        }
    }

    var coordinate: String {
        switch self {
        case .schema: "schema"
        case .type(let type): type.name
        case .field(let field, let type): "\(type.name).\(field.name)"
        case .argument(let argument, let field, let type): "\(type.name).\(field.name)(\(argument.name):)"
        case .inputField(let field, let type): "\(type.name).\(field.name)"
        case .enumValue: ""
        }
    }

    private func isRoot(in schema: Schema) -> Bool {
        guard case .type(let type) = self, let number = schema.type(named: type.name) else { return false }
        return [schema.queryType, schema.mutationType, schema.subscriptionType].contains(number)
    }

    private var isBuiltInScalar: Bool {
        guard case .type(let type) = self else { return false }
        return ["String", "Int", "Float", "Boolean", "ID"].contains(type.name)
    }

    private func isField(of root: TypeID?, in schema: Schema) -> Bool {
        guard case .field(_, let type) = self, let root else { return false }
        return schema[root].name == type.name
    }

    private func embeddedObjection(in schema: Schema) -> String? {
        guard case .field(let field, let type) = self else { return nil }
        if type.kind != .object { return "only fields of object types are answered" }
        if !field.arguments.isEmpty { return "a field with arguments needs a resolver" }
        if DirectiveUse.type(type).isRoot(in: schema) { return "a root type has no properties" }
        if !type.appliedDirectives.has("model") {
            return "all objects of a type without a model are properties already"
        }
        return schema[field.type.type].isLeaf ? "a leaf without arguments is a stored property already" : nil
    }

    private func resolverObjection(in schema: Schema) -> String? {
        guard case .field(let field, let type) = self else { return nil }
        if type.kind != .object { return "only fields of object types are answered" }
        if !field.arguments.isEmpty { return "a field with arguments has a resolver already" }
        if schema[field.type.type].isLeaf || !type.appliedDirectives.has("model") { return nil }
        return "an object field of a type with a model has a resolver already"
    }

    private func idObjection(_ directive: AppliedDirective, in schema: Schema) -> String? {
        let named: TypeID
        switch self {
        case .field(let field, _): named = field.type.type
        case .argument(let argument, _, _): named = argument.type.type
        case .inputField(let field, _): named = field.type.type
        default: return nil
        }
        guard schema[named].name == "ID" else { return "it is for values of the type ID" }
        guard let name = directive.string("type") else { return nil }
        guard let type = schema.type(named: name), schema[type].hasTypedID(in: schema) else {
            return "there is no object type \"\(name)\" with a field \"id: ID!\""
        }
        return nil
    }

    private func constraintObjection(_ directive: AppliedDirective, in schema: Schema) -> String? {
        let type: TypeReference
        switch self {
        case .argument(let argument, _, _): type = argument.type
        case .inputField(let field, _): type = field.type
        default: return "it speaks of input"
        }
        for argument in directive.arguments {
            if let objection = ConstraintUse.objection(to: argument, on: type, in: schema) { return objection }
        }
        return directive.arguments.isEmpty ? "it states no bound" : nil
    }

    private func listSizeObjection(in schema: Schema) -> String? {
        guard case .field(let field, _) = self, !field.type.isList else { return nil }
        return schema[field.type.type].isComposite ? nil : "the field answers no list"
    }

    private func accessObjection(in schema: Schema) -> String? {
        switch self {
        case .field(_, let type) where type.kind == .interface: "the fields of the implementing types decide"
        default: nil
        }
    }
}

extension NamedType {
    /// Whether the ids of a type are a Swift type of their own.
    func hasTypedID(in schema: Schema) -> Bool {
        kind == .object
            && fields.contains {
                $0.name == "id" && $0.type.isNonNull && !$0.type.isList && schema[$0.type.type].name == "ID"
                    && $0.arguments.isEmpty
            }
    }
}
