import GraphQLLanguage

extension SchemaBuilder {
    /// Adds what a definition or extension says to its type.
    func define(_ type: inout NamedType, _ definition: Document.Index) {
        let isExtension = document[definition].kind.extendedType != nil
        if let origin = origin(definition) { type.origins.append(origin) }
        for child in document.children(of: definition) {
            switch document[child].kind {
            case .description: type.description = document.stringValue(of: child)
            case .directive:
                let directive = appliedDirective(child)
                switch directive.name {
                case "specifiedBy": type.specifiedByURL = directive["url"]?.text ?? type.specifiedByURL
                // https://spec.graphql.org/September2025/#sec-Input-Object-Extensions: only a definition can say so.
                case "oneOf": type.isOneOf = type.isOneOf || type.kind == .inputObject && !isExtension
                default: break
                }
                type.appliedDirectives.append(directive)
            case .namedType:
                guard let named = self.type(named: child) else { continue }
                if type.kind == .union { type.possibleTypes.append(named) } else { type.interfaces.append(named) }
            case .fieldDefinition:
                if let field = field(child) { type.fields.append(field) }
            case .inputValueDefinition:
                if let field = inputValue(child) { type.inputFields.append(field) }
            case .enumValueDefinition: type.values.append(enumValue(child))
            default: continue
            }
        }
    }

    private func field(_ definition: Document.Index) -> FieldDefinition? {
        guard let type = document.type(of: definition).flatMap(typeReference) else { return nil }
        let directives = appliedDirectives(of: definition)
        return FieldDefinition(
            name: document.text(of: definition),
            description: document.description(of: definition),
            arguments: inputValues(of: definition),
            type: type,
            deprecationReason: directives.deprecationReason,
            appliedDirectives: directives,
            origin: origin(definition)
        )
    }

    func inputValues(of definition: Document.Index) -> [InputValueDefinition] {
        document.children(of: definition).filter { document[$0].kind == .inputValueDefinition }.compactMap(inputValue)
    }

    private func inputValue(_ definition: Document.Index) -> InputValueDefinition? {
        guard let type = document.type(of: definition).flatMap(typeReference) else { return nil }
        let directives = appliedDirectives(of: definition)
        return InputValueDefinition(
            name: document.text(of: definition),
            description: document.description(of: definition),
            type: type,
            defaultValue: document.value(of: definition).map(document.constantValue),
            deprecationReason: directives.deprecationReason,
            appliedDirectives: directives,
            origin: origin(definition)
        )
    }

    private func enumValue(_ definition: Document.Index) -> EnumValueDefinition {
        let directives = appliedDirectives(of: definition)
        return EnumValueDefinition(
            name: document.text(of: definition),
            description: document.description(of: definition),
            deprecationReason: directives.deprecationReason,
            appliedDirectives: directives,
            origin: origin(definition)
        )
    }

    private func typeReference(_ node: Document.Index) -> TypeReference? {
        var named = node
        while document[named].kind == .listType { named += 1 }
        guard named - node <= TypeReference.maximumListDepth, let type = type(named: named) else { return nil }
        var reference = TypeReference(type)
        if document[named].flags.contains(.nonNull) { reference = reference.required }
        // The lists stand in front of the name, the outermost first.
        for list in (node..<named).reversed() {
            reference = document[list].flags.contains(.nonNull) ? reference.list.required : reference.list
        }
        return reference
    }

    // MARK: Directives

    private func appliedDirectives(of definition: Document.Index) -> [AppliedDirective] {
        document.children(of: definition).filter { document[$0].kind == .directive }.map(appliedDirective)
    }

    func appliedDirective(_ node: Document.Index) -> AppliedDirective {
        let arguments = document.children(of: node).compactMap { argument in
            document.value(of: argument).map {
                Value.Field(document.text(of: argument), document.constantValue($0))
            }
        }
        return AppliedDirective(name: document.text(of: node), arguments: arguments, origin: origin(node))
    }
}

extension AppliedDirective {
    /// The argument of a name, as it is written.
    public subscript(name: String) -> Value? { arguments.first { $0.name == name }?.value }
}

extension [AppliedDirective] {
    fileprivate var deprecationReason: String? {
        guard let deprecated = first(where: { $0.name == "deprecated" }) else { return nil }
        guard let reason = deprecated["reason"] else { return DeprecationReason.default }
        return reason.text
    }
}

/// https://spec.graphql.org/September2025/#sec--deprecated
enum DeprecationReason {
    static let `default` = "No longer supported"
}

extension Value {
    /// The text of a string.
    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
