extension SchemaComparison {
    mutating func compare(_ old: NamedType, _ new: NamedType) {
        guard old.kind == new.kind else {
            return add(
                .typeChangedKind,
                old.name,
                "\(old.name) changed from \(old.kind.wordsWithArticle) to \(new.kind.wordsWithArticle)."
            )
        }
        switch old.kind {
        case .scalar: compareScalars(old, new)
        case .object, .interface:
            compareFields(old, new)
            compareInterfaces(old, new)
        case .union: compareMembers(old, new)
        case .enum: compareValues(old, new)
        case .inputObject: compareInputFields(old, new)
        }
        if !BuiltIns.typeNames.contains(old.name) {
            compareDescriptions(old.name, old.description, new.description)
        }
    }

    private mutating func compareScalars(_ old: NamedType, _ new: NamedType) {
        if old.specifiedByURL == new.specifiedByURL { return }
        add(.specifiedByChanged, old.name, "\(old.name) has changed where it is specified.")
    }

    private mutating func compareValues(_ old: NamedType, _ new: NamedType) {
        let values = NamedDifference(old.values, new.values, by: \.name)
        for value in values.added {
            add(.valueAddedToEnum, "\(old.name).\(value.name)", "\(value.name) was added to enum type \(old.name).")
        }
        for value in values.removed {
            add(
                .valueRemovedFromEnum,
                "\(old.name).\(value.name)",
                "\(value.name) was removed from enum type \(old.name)."
            )
        }
        for value in values.kept {
            let coordinate = "\(old.name).\(value.old.name)"
            compareDeprecations(coordinate, value.old.deprecationReason, value.new.deprecationReason)
            compareDescriptions(coordinate, value.old.description, value.new.description)
        }
    }

    private mutating func compareMembers(_ old: NamedType, _ new: NamedType) {
        let members = difference(old, new, \.possibleTypes)
        for member in members.added {
            add(.typeAddedToUnion, old.name, "\(member) was added to union type \(old.name).")
        }
        for member in members.removed {
            add(.typeRemovedFromUnion, old.name, "\(member) was removed from union type \(old.name).")
        }
    }

    private mutating func compareInterfaces(_ old: NamedType, _ new: NamedType) {
        let interfaces = difference(old, new, \.interfaces)
        for interface in interfaces.added {
            add(
                .implementedInterfaceAdded,
                old.name,
                "\(interface) added to interfaces implemented by \(old.name)."
            )
        }
        for interface in interfaces.removed {
            add(
                .implementedInterfaceRemoved,
                old.name,
                "\(old.name) no longer implements interface \(interface)."
            )
        }
    }

    private func difference(
        _ old: NamedType,
        _ new: NamedType,
        _ types: KeyPath<NamedType, [TypeID]>
    ) -> NamedDifference<String> {
        NamedDifference(
            old[keyPath: types].map { self.old[$0].name },
            new[keyPath: types].map { self.new[$0].name },
            by: \.self
        )
    }

    private mutating func compareFields(_ old: NamedType, _ new: NamedType) {
        let fields = NamedDifference(old.fields, new.fields, by: \.name)
        for field in fields.removed {
            add(.fieldRemoved, "\(old.name).\(field.name)", "\(old.name).\(field.name) was removed.")
        }
        for (oldField, newField) in fields.kept {
            let coordinate = "\(old.name).\(oldField.name)"
            compareArguments(of: coordinate, oldField, newField)
            let oldType = self.old.description(of: oldField.type)
            let newType = self.new.description(of: newField.type)
            if oldType != newType {
                add(
                    isSafe(output: oldField.type, newField.type) ? .fieldChangedKindSafe : .fieldChangedKind,
                    coordinate,
                    "\(coordinate) changed type from \(oldType) to \(newType)."
                )
            }
            compareDeprecations(coordinate, oldField.deprecationReason, newField.deprecationReason)
            compareDescriptions(coordinate, oldField.description, newField.description)
        }
        for field in fields.added {
            add(.fieldAdded, "\(old.name).\(field.name)", "\(old.name).\(field.name) was added.")
        }
    }

    private mutating func compareArguments(of field: String, _ old: FieldDefinition, _ new: FieldDefinition) {
        let arguments = NamedDifference(old.arguments, new.arguments, by: \.name)
        for argument in arguments.removed {
            add(.argRemoved, "\(field)(\(argument.name):)", "\(field) arg \(argument.name) was removed.")
        }
        for argument in arguments.kept {
            compareInput(argument.old, argument.new, InputChanges.argument(of: field, argument.old.name))
        }
        for argument in arguments.added {
            let need = argument.isRequired ? "A required" : "An optional"
            add(
                argument.isRequired ? .requiredArgAdded : .optionalArgAdded,
                "\(field)(\(argument.name):)",
                "\(need) arg \(argument.name) on \(field) was added."
            )
        }
    }

    private mutating func compareInputFields(_ old: NamedType, _ new: NamedType) {
        let fields = NamedDifference(old.inputFields, new.inputFields, by: \.name)
        for field in fields.added {
            let need = field.isRequired ? "A required" : "An optional"
            add(
                field.isRequired ? .requiredInputFieldAdded : .optionalInputFieldAdded,
                "\(old.name).\(field.name)",
                "\(need) field \(field.name) on input type \(old.name) was added."
            )
        }
        for field in fields.removed {
            add(.fieldRemoved, "\(old.name).\(field.name)", "\(old.name).\(field.name) was removed.")
        }
        for field in fields.kept {
            compareInput(field.old, field.new, InputChanges.inputField("\(old.name).\(field.old.name)"))
        }
        if old.isOneOf != new.isOneOf {
            add(
                new.isOneOf ? .oneOfAdded : .oneOfRemoved,
                old.name,
                new.isOneOf
                    ? "\(old.name) takes exactly one of its fields now."
                    : "\(old.name) takes any number of its fields now."
            )
        }
    }

}

extension NamedType.Kind {
    fileprivate var wordsWithArticle: String {
        switch self {
        case .scalar: "a Scalar type"
        case .object: "an Object type"
        case .interface: "an Interface type"
        case .union: "a Union type"
        case .enum: "an Enum type"
        case .inputObject: "an Input type"
        }
    }
}
