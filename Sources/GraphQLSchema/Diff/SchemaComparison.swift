import GraphQLLanguage

/// Compares two schemas part by part, in the order of graphql-js: types in the order of the older schema, then
/// directives.
struct SchemaComparison {
    let old: Schema
    let new: Schema
    private(set) var changes: [SchemaChange] = []

    init(_ old: Schema, _ new: Schema) {
        self.old = old
        self.new = new
    }

    mutating func add(_ kind: SchemaChange.Kind, _ coordinate: String, _ description: String) {
        changes.append(
            SchemaChange(
                kind: kind,
                severity: kind.severity,
                coordinate: coordinate,
                description: description,
                isReference: kind.isReference
            )
        )
    }

    mutating func compare() {
        let types = NamedDifference(old.typesInUse, new.typesInUse, by: \.name)
        for type in types.removed {
            let isBuiltIn = BuiltIns.scalarNames.contains(type.name)
            add(
                .typeRemoved,
                type.name,
                isBuiltIn
                    ? "Standard scalar \(type.name) was removed because it is not referenced anymore."
                    : "\(type.name) was removed."
            )
        }
        for type in types.kept { compare(type.old, type.new) }
        for type in types.added where !BuiltIns.typeNames.contains(type.name) {
            add(.typeAdded, type.name, "\(type.name) was added.")
        }
        compareDirectives()
        compareRootTypes()
        compareDescriptions("", old.description, new.description, what: "The schema")
    }

    private mutating func compareRootTypes() {
        for operation in OperationType.allCases {
            let oldName = old.rootType(for: operation).map { old[$0].name }
            let newName = new.rootType(for: operation).map { new[$0].name }
            if let oldName, oldName != newName {
                let change = newName.map { "changed from \(oldName) to \($0)" } ?? "was removed"
                add(.rootTypeChanged, oldName, "The \(operation.rawValue) root type \(change).")
            } else if oldName == nil, let newName {
                add(.rootTypeAdded, newName, "The \(operation.rawValue) root type \(newName) was added.")
            }
        }
    }

    private mutating func compareDirectives() {
        let directives = NamedDifference(old.directives, new.directives, by: \.name)
        for directive in directives.removed {
            add(.directiveRemoved, "@\(directive.name)", "\(directive.name) was removed.")
        }
        for directive in directives.kept { compare(directive.old, directive.new) }
        for directive in directives.added {
            add(.directiveAdded, "@\(directive.name)", "\(directive.name) was added.")
        }
    }

    private mutating func compare(_ old: DirectiveDefinition, _ new: DirectiveDefinition) {
        let coordinate = "@\(old.name)"
        let arguments = NamedDifference(old.arguments, new.arguments, by: \.name)
        for argument in arguments.added {
            let need = argument.isRequired ? "A required" : "An optional"
            add(
                argument.isRequired ? .requiredDirectiveArgAdded : .optionalDirectiveArgAdded,
                "\(coordinate)(\(argument.name):)",
                "\(need) arg \(argument.name) on directive \(old.name) was added."
            )
        }
        for argument in arguments.removed {
            add(
                .directiveArgRemoved,
                "\(coordinate)(\(argument.name):)",
                "\(argument.name) was removed from \(old.name)."
            )
        }
        for argument in arguments.kept {
            compareInput(
                argument.old,
                argument.new,
                InputChanges.directiveArgument(of: coordinate, argument.old.name)
            )
        }
        if old.isRepeatable != new.isRepeatable {
            add(
                old.isRepeatable ? .directiveRepeatableRemoved : .directiveRepeatableAdded,
                coordinate,
                "Repeatable flag was \(old.isRepeatable ? "removed from" : "added to") \(old.name)."
            )
        }
        for location in old.locations where !new.locations.contains(location) {
            add(.directiveLocationRemoved, coordinate, "\(location.rawValue) was removed from \(old.name).")
        }
        for location in new.locations where !old.locations.contains(location) {
            add(.directiveLocationAdded, coordinate, "\(location.rawValue) was added to \(old.name).")
        }
        compareDescriptions(coordinate, old.description, new.description)
    }

    mutating func compareDescriptions(_ coordinate: String, _ old: String?, _ new: String?, what: String? = nil) {
        if old == new { return }
        add(.descriptionChanged, coordinate, "\(what ?? coordinate) has changed its description.")
    }

    mutating func compareDeprecations(_ coordinate: String, _ old: String?, _ new: String?) {
        if old == new { return }
        let change =
            switch (old, new) {
            case (nil, _): "was deprecated"
            case (_, nil): "is no longer deprecated"
            default: "has changed its deprecation reason"
            }
        add(.deprecationChanged, coordinate, "\(coordinate) \(change).")
    }
}

extension Schema {
    /// All types, with those built-in scalars that something refers to, each behind the type that does so first.
    var typesInUse: [NamedType] {
        var used: [NamedType] = []
        var scalars: Set<TypeID> = []
        func use(_ type: TypeID) {
            if BuiltIns.scalarNames.contains(self[type].name), scalars.insert(type).inserted { used.append(self[type]) }
        }
        for type in types where !BuiltIns.typeNames.contains(type.name) {
            used.append(type)
            for field in type.fields {
                use(field.type.type)
                for argument in field.arguments { use(argument.type.type) }
            }
            for field in type.inputFields { use(field.type.type) }
        }
        for directive in directives {
            for argument in directive.arguments { use(argument.type.type) }
        }
        // Introspection refers to these.
        for name in ["String", "Boolean"] { type(named: name).map(use) }
        return used
    }
}
