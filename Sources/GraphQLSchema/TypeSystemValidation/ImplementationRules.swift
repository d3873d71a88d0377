/// What a type that implements interfaces owes them.
///
/// https://spec.graphql.org/September2025/#IsValidImplementation()
struct ImplementationRules {
    private let schema: Schema
    /// The members of abstract types that were asked for.
    private var members: [TypeID: Set<TypeID>] = [:]

    init(_ schema: Schema) {
        self.schema = schema
    }

    mutating func check(_ id: TypeID, _ report: inout TypeSystemReport) {
        let type = schema[id]
        guard !type.interfaces.isEmpty else { return }
        let declared = Set(type.interfaces)
        let fields = Dictionary(type.fields.map { ($0.name, $0) }) { first, _ in first }
        var seen: Set<TypeID> = []
        for interfaceID in type.interfaces {
            let interface = schema[interfaceID]
            let places = { (report: TypeSystemReport) in report.names(of: interface.name, in: type.origins) }
            if interface.kind != .interface {
                report.add(
                    "Type \(type.name) must only implement Interface types, it cannot implement \(interface.name).",
                    at: places(report)
                )
            } else if interfaceID == id {
                report.add(
                    "Type \(type.name) cannot implement itself because it would create a circular reference.",
                    at: places(report)
                )
            } else if !seen.insert(interfaceID).inserted {
                report.add("Type \(type.name) can only implement \(interface.name) once.", at: places(report))
            } else {
                checkAncestors(of: interface, of: id, declared, &report)
                for interfaceField in interface.fields {
                    if let field = fields[interfaceField.name] {
                        check(Member(type, field), against: Member(interface, interfaceField), &report)
                    } else {
                        report.add(
                            "Interface field \(interface.name).\(interfaceField.name) expected but \(type.name) does "
                                + "not provide it.",
                            at: [interfaceField.origin] + type.origins
                        )
                    }
                }
            }
        }
    }

    /// Whoever implements an interface implements the interfaces that it implements.
    private func checkAncestors(
        of interface: NamedType,
        of id: TypeID,
        _ declared: Set<TypeID>,
        _ report: inout TypeSystemReport
    ) {
        let type = schema[id]
        for ancestor in interface.interfaces where !declared.contains(ancestor) {
            let places =
                report.names(of: schema[ancestor].name, in: interface.origins)
                + report.names(of: interface.name, in: type.origins)
            let message =
                ancestor == id
                ? "Type \(type.name) cannot implement \(interface.name) because it would create a circular reference."
                : "Type \(type.name) must implement \(schema[ancestor].name) because it is implemented by "
                    + "\(interface.name)."
            report.add(message, at: places)
        }
    }

    private struct Member {
        let field: FieldDefinition
        /// The coordinate of the field.
        let name: String

        init(_ type: NamedType, _ field: FieldDefinition) {
            self.field = field
            name = "\(type.name).\(field.name)"
        }
    }

    private mutating func check(_ own: Member, against required: Member, _ report: inout TypeSystemReport) {
        let (field, requiredField) = (own.field, required.field)
        if !isSubtype(field.type, of: requiredField.type) {
            report.add(
                "Interface field \(required.name) expects type \(schema.description(of: requiredField.type)) but "
                    + "\(own.name) is type \(schema.description(of: field.type)).",
                at: [report.type(of: requiredField.origin), report.type(of: field.origin)]
            )
        }
        let arguments = ArgumentTable(field.arguments)
        for requiredArgument in requiredField.arguments {
            guard let argument = arguments[requiredArgument.name] else {
                report.add(
                    "Interface field argument \(required.name)(\(requiredArgument.name):) expected but \(own.name) "
                        + "does not provide it.",
                    at: [requiredArgument.origin, field.origin]
                )
                continue
            }
            if argument.type != requiredArgument.type {
                report.add(
                    "Interface field argument \(required.name)(\(requiredArgument.name):) expects type "
                        + "\(schema.description(of: requiredArgument.type)) but \(own.name)(\(argument.name):) is "
                        + "type \(schema.description(of: argument.type)).",
                    at: [report.type(of: requiredArgument.origin), report.type(of: argument.origin)]
                )
            }
        }
        let requiredArguments = ArgumentTable(requiredField.arguments)
        for argument in field.arguments where argument.isRequired && requiredArguments[argument.name] == nil {
            report.add(
                "Object field \(own.name) includes required argument \(argument.name) that is missing from the "
                    + "Interface field \(required.name).",
                at: [argument.origin, requiredField.origin]
            )
        }
    }

    /// https://spec.graphql.org/September2025/#IsValidImplementationFieldType()
    private mutating func isSubtype(_ type: TypeReference, of required: TypeReference) -> Bool {
        var (type, required) = (type, required)
        while true {
            if type == required { return true }
            if required.isNonNull, !type.isNonNull { return false }
            type = type.nullable
            required = required.nullable
            guard type.isList, required.isList else { break }
            type = type.element
            required = required.element
        }
        guard !type.isList, !required.isList else { return false }
        return type.type == required.type || isMember(type.type, of: required.type)
    }

    /// Whether a type is a member of a union, or implements an interface.
    private mutating func isMember(_ type: TypeID, of abstract: TypeID) -> Bool {
        switch schema[abstract].kind {
        case .interface: return schema[type].interfaces.contains(abstract)
        case .union:
            let known = members[abstract] ?? Set(schema[abstract].possibleTypes)
            members[abstract] = known
            return known.contains(type)
        default: return false
        }
    }
}

/// Arguments by name: few are looked through, many have a table.
private struct ArgumentTable {
    private let arguments: [InputValueDefinition]
    private let positions: [String: Int]

    init(_ arguments: [InputValueDefinition]) {
        self.arguments = arguments
        positions =
            arguments.count < 8
            ? [:] : Dictionary(arguments.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    subscript(name: String) -> InputValueDefinition? {
        if positions.isEmpty { return arguments.first { $0.name == name } }
        return positions[name].map { arguments[$0] }
    }
}
