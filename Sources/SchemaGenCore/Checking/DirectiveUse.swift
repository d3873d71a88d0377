import GraphQLSchema

/// Where the directives that the generator and the engine know have an effect. `docs/directives.md` is this table in
/// words.
enum DirectiveUse {
    case schema
    case type(NamedType)
    case field(FieldDefinition, of: NamedType)
    case argument(InputValueDefinition, of: FieldDefinition, NamedType)
    case inputField(InputValueDefinition, of: NamedType)
    case enumValue(EnumValueDefinition, of: NamedType)
    case directiveArgument(InputValueDefinition, of: DirectiveDefinition)

    /// Why a directive does nothing here; nil where it does something.
    func objection(to directive: AppliedDirective, in schema: Schema, inert: [String]) -> String? {
        switch directive.name {
        case "deprecated", "specifiedBy", "oneOf", "binding": nil
        case "cost": costObjection(directive)
        case "sensitive": isFieldOrInput ? nil : "it speaks of values"
        case "model": modelObjection(directive, in: schema)
        case "embedded": embeddedObjection(in: schema)
        case "resolver": resolverObjection(in: schema)
        case "idOf": idObjection(directive, in: schema)
        case "swift": swiftObjection(directive)
        case "constraint": constraintObjection(directive, in: schema)
        case "mayFail": mayFailObjection(directive, in: schema)
        case "audit", "idempotency":
            isField(of: schema.mutationType, in: schema) ? nil : "it speaks of fields of the mutation type"
        case "live":
            isField(of: schema.subscriptionType, in: schema) ? nil : "it speaks of fields of the subscription type"
        case "listSize": listSizeObjection(directive, in: schema)
        case "public", "auth", "scope", "requiresFeature", "rateLimit": accessObjection(in: schema)
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
        case .enumValue(let value, let type): "\(type.name).\(value.name)"
        case .directiveArgument(let argument, let directive): "@\(directive.name)(\(argument.name):)"
        }
    }

    private func isRoot(in schema: Schema) -> Bool {
        guard case .type(let type) = self, let number = schema.type(named: type.name) else { return false }
        return [schema.queryType, schema.mutationType, schema.subscriptionType].contains(number)
    }

    private var isFieldOrInput: Bool {
        switch self {
        case .field, .argument, .inputField: true
        case .schema, .type, .enumValue, .directiveArgument: false
        }
    }

    private func costObjection(_ directive: AppliedDirective) -> String? {
        switch self {
        case .type(let type) where type.kind == .inputObject: return "the fields of inputs have weights"
        case .schema, .enumValue, .directiveArgument: return "it weighs types, fields and their input"
        default: break
        }
        if case .string(let weight)? = directive[argument: "weight"], Double(weight)?.isFinite != true {
            return "the weight \"\(weight)\" is no number"
        }
        return nil
    }

    private func modelObjection(_ directive: AppliedDirective, in schema: Schema) -> String? {
        if isRoot(in: schema) { return "a root type has no row" }
        return swiftTypeObjection(directive)
    }

    private func swiftObjection(_ directive: AppliedDirective) -> String? {
        if let name = directive.string("import"), !SwiftNames.isIdentifier(name) { return "\"\(name)\" is no module" }
        return swiftTypeObjection(directive)
    }

    private func swiftTypeObjection(_ directive: AppliedDirective) -> String? {
        guard let name = directive.string("type") else { return "it names no Swift type" }
        return SwiftNames.isType(name) ? nil : "\"\(name)\" is no Swift type"
    }

    private func mayFailObjection(_ directive: AppliedDirective, in schema: Schema) -> String? {
        guard isField(of: schema.mutationType, in: schema) else { return "it speaks of fields of the mutation type" }
        guard let codes = schema.codesOfMayFail else {
            return "the argument \"with\" of its definition takes no list of an enum's values"
        }
        var seen: Set<String> = []
        for code in directive.names("with") where !seen.insert(code).inserted {
            return "\(schema[codes].name).\(code) is given twice"
        }
        return nil
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
        // There it is for each event.
        if let events = schema.subscriptionType, schema[events].name == type.name { return nil }
        if !field.arguments.isEmpty { return "a field with arguments has a resolver already" }
        if DirectiveUse.type(type).isRoot(in: schema) { return "a field of a root type has a resolver already" }
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
        return ConstraintUse.objection(to: directive, on: type, in: schema)
    }

    private func listSizeObjection(_ directive: AppliedDirective, in schema: Schema) -> String? {
        guard case .field(let field, _) = self else { return "it speaks of fields" }
        let answered = schema[field.type.type]
        guard field.type.isList || answered.isComposite else { return "the field answers no list" }
        for path in directive.strings("slicingArguments") {
            let name = path.split(separator: ".").first.map(String.init) ?? path
            if !field.arguments.contains(where: { $0.name == name }) { return "there is no argument \"\(name)\"" }
        }
        for name in directive.strings("sizedFields") where !answered.fields.contains(where: { $0.name == name }) {
            return "\(answered.name) has no field \"\(name)\""
        }
        let isBounded = directive[argument: "assumedSize"] != nil || !directive.strings("slicingArguments").isEmpty
        return isBounded ? nil : "it states no size"
    }

    private func accessObjection(in schema: Schema) -> String? {
        switch self {
        case .field(_, let type):
            type.kind == .interface ? "the fields of the implementing types decide" : nil
        case .type(let type): type.kind == .object ? nil : "it speaks of object types and their fields"
        default: "it speaks of object types and their fields"
        }
    }
}

extension Schema {
    /// The enum of the codes that `@mayFail` takes.
    var codesOfMayFail: TypeID? {
        guard let codes = directive(named: "mayFail")?.arguments.first(where: { $0.name == "with" })?.type.type
        else { return nil }
        return self[codes].kind == .enum ? codes : nil
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
