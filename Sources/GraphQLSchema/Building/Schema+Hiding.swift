import GraphQLLanguage

extension Schema {
    /// The schema without some of its parts, as those see it from whom they are hidden: a schema of its own, whose types
    /// have numbers of their own.
    ///
    /// What cannot be without a hidden part is hidden too: fields and arguments of hidden types, fields with hidden
    /// arguments that have to be given, types of which nothing is left. A field that an object hides and its interface
    /// shows is seen through the interface.
    ///
    /// - Parameter isHidden: whether the directives on a part hide it.
    public func hiding(_ isHidden: ([AppliedDirective]) -> Bool) -> Schema {
        var schema = self
        var hidden = Set(types.indices.filter { isHidden(types[$0].appliedDirectives) }.map { TypeID($0) })
        for index in types.indices { schema.types[index].removeMembers(isHidden) }
        var count = -1
        while count != hidden.count {
            count = hidden.count
            for index in types.indices where !hidden.contains(TypeID(index)) {
                schema.types[index].removeMembers(of: hidden)
                if schema.types[index].isEmpty, !types[index].isEmpty { hidden.insert(TypeID(index)) }
            }
        }
        for (index, directive) in schema.directives.enumerated() {
            schema.directives[index].arguments = directive.arguments.filter { !hidden.contains($0.type.type) }
        }
        if let mutation = mutationType, hidden.contains(mutation) { schema.mutationType = nil }
        if let subscription = subscriptionType, hidden.contains(subscription) { schema.subscriptionType = nil }
        var printer = SchemaPrinter(schema, SchemaPrintOptions())
        printer.printAll { !hidden.contains($0) }
        guard let document = try? Document(parsing: printer.output, limits: .schema) else {
            preconditionFailure("a schema that was printed can be read")
        }
        var seen = Schema(unchecked: [document])
        seen.scalarInput = scalarInput
        return seen
    }
}

extension NamedType {
    fileprivate mutating func removeMembers(_ isHidden: ([AppliedDirective]) -> Bool) {
        fields.removeAll { field in
            isHidden(field.appliedDirectives)
                || field.arguments.contains { $0.isRequired && isHidden($0.appliedDirectives) }
        }
        for index in fields.indices { fields[index].arguments.removeAll { isHidden($0.appliedDirectives) } }
        inputFields.removeAll { isHidden($0.appliedDirectives) }
        values.removeAll { isHidden($0.appliedDirectives) }
    }

    fileprivate mutating func removeMembers(of hidden: Set<TypeID>) {
        fields.removeAll { field in
            hidden.contains(field.type.type)
                || field.arguments.contains { $0.isRequired && hidden.contains($0.type.type) }
        }
        for index in fields.indices { fields[index].arguments.removeAll { hidden.contains($0.type.type) } }
        inputFields.removeAll { hidden.contains($0.type.type) }
        interfaces.removeAll(where: hidden.contains)
        possibleTypes.removeAll(where: hidden.contains)
    }

    /// Whether the type has no members, as only scalars may.
    fileprivate var isEmpty: Bool {
        switch kind {
        case .scalar: false
        case .object, .interface: fields.isEmpty
        case .union: possibleTypes.isEmpty
        case .enum: values.isEmpty
        case .inputObject: inputFields.isEmpty
        }
    }
}
