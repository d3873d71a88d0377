/// How changes of an argument or input field are called.
struct InputChanges {
    let coordinate: String
    /// The subject of sentences about it.
    let words: String
    let verb: String
    let changedKind: SchemaChange.Kind
    let changedKindSafe: SchemaChange.Kind
    let defaultChanged: SchemaChange.Kind
    let defaultAdded: SchemaChange.Kind

    static func argument(of field: String, _ name: String) -> InputChanges {
        InputChanges(
            coordinate: "\(field)(\(name):)",
            words: "\(field) arg \(name)",
            verb: "has changed",
            changedKind: .argChangedKind,
            changedKindSafe: .argChangedKindSafe,
            defaultChanged: .argDefaultValueChange,
            defaultAdded: .argDefaultValueAdded
        )
    }

    static func directiveArgument(of directive: String, _ name: String) -> InputChanges {
        InputChanges(
            coordinate: "\(directive)(\(name):)",
            words: "\(directive) arg \(name)",
            verb: "has changed",
            changedKind: .directiveArgChangedKind,
            changedKindSafe: .directiveArgChangedKindSafe,
            defaultChanged: .directiveArgDefaultValueChange,
            defaultAdded: .directiveArgDefaultValueAdded
        )
    }

    static func inputField(_ coordinate: String) -> InputChanges {
        InputChanges(
            coordinate: coordinate,
            words: coordinate,
            verb: "changed",
            changedKind: .fieldChangedKind,
            changedKindSafe: .fieldChangedKindSafe,
            defaultChanged: .inputFieldDefaultValueChange,
            defaultAdded: .inputFieldDefaultValueAdded
        )
    }
}

extension SchemaComparison {
    mutating func compareInput(_ old: InputValueDefinition, _ new: InputValueDefinition, _ names: InputChanges) {
        let oldType = self.old.description(of: old.type)
        let newType = self.new.description(of: new.type)
        let isSafe = isSafe(input: old.type, new.type)
        if oldType != newType {
            add(
                isSafe ? names.changedKindSafe : names.changedKind,
                names.coordinate,
                "\(names.words) \(names.verb) type from \(oldType) to \(newType)."
            )
        }
        if isSafe { compareDefaults(old, new, names) }
        compareDeprecations(names.coordinate, old.deprecationReason, new.deprecationReason)
        compareDescriptions(names.coordinate, old.description, new.description)
    }

    /// Defaults are compared as they count: the order of fields in them does not matter.
    private mutating func compareDefaults(
        _ old: InputValueDefinition,
        _ new: InputValueDefinition,
        _ names: InputChanges
    ) {
        let oldValue = self.old.printedDefault(of: old, sortsFields: true)
        let newValue = self.new.printedDefault(of: new, sortsFields: true)
        if oldValue == newValue { return }
        guard let oldValue else {
            return add(names.defaultAdded, names.coordinate, "\(names.words) defaultValue was added.")
        }
        if let newValue {
            add(
                names.defaultChanged,
                names.coordinate,
                "\(names.words) has changed defaultValue from \(oldValue) to \(newValue)."
            )
        } else {
            add(names.defaultChanged, names.coordinate, "\(names.words) defaultValue was removed.")
        }
    }

    // MARK: Types

    /// Whether every value of the new type is one of the old: what is answered may become more exact.
    func isSafe(output old: TypeReference, _ new: TypeReference) -> Bool {
        if old.isNonNull, !new.isNonNull { return false }
        let (old, new) = (old.nullable, new.nullable)
        guard old.isList == new.isList else { return false }
        return old.isList ? isSafe(output: old.element, new.element) : isSame(old, new)
    }

    /// Whether every value of the old type is one of the new: what is taken may become less exact.
    func isSafe(input old: TypeReference, _ new: TypeReference) -> Bool {
        if new.isNonNull, !old.isNonNull { return false }
        let (old, new) = (old.nullable, new.nullable)
        guard old.isList == new.isList else { return false }
        return old.isList ? isSafe(input: old.element, new.element) : isSame(old, new)
    }

    private func isSame(_ old: TypeReference, _ new: TypeReference) -> Bool {
        self.old[old.type].name == self.new[new.type].name
    }
}
