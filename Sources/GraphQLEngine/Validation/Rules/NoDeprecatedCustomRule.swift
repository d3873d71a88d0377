import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Nothing is used that the schema calls deprecated. Not a rule of the specification: it is for tools.
    public static let noDeprecated = ValidationRule("NoDeprecatedCustomRule") { facts, report in
        facts.addDeprecatedFields(&report)
        facts.addDeprecatedArguments(&report)
        facts.addDeprecatedInput(&report)
    }
}

extension Facts {
    fileprivate func addDeprecatedFields(_ report: inout ErrorReport) {
        for field in fields where field.definition >= 0 && !report.isFull {
            guard let definition = index.definition(of: field.definition), let reason = definition.deprecationReason
            else { continue }
            report.add(
                entering: field.node,
                at: [start(field.node)],
                "The field \(typeName(field.parent)).\(definition.name) is deprecated. \(reason)"
            )
        }
    }

    fileprivate func addDeprecatedArguments(_ report: inout ErrorReport) {
        report.beginPass()
        for field in fields where field.definition >= 0 {
            let owner = "Field \"\(typeName(field.parent)).\(names.string(field.name))\""
            addDeprecated(field.arguments, of: owner, &report)
        }
        report.beginPass()
        for directive in directives where directive.definition >= 0 {
            addDeprecated(directive.arguments, of: "Directive \"@\(names.string(directive.name))\"", &report)
        }
    }

    private func addDeprecated(_ range: Range<Int>, of owner: String, _ report: inout ErrorReport) {
        for argument in arguments[range] where argument.definition >= 0 {
            let definition = index.inputDefinitions[Int(argument.definition)]
            guard let reason = definition.deprecationReason else { continue }
            report.add(
                entering: argument.node,
                at: [start(argument.node)],
                "\(owner) argument \"\(definition.name)\" is deprecated. \(reason)"
            )
        }
    }

    fileprivate func addDeprecatedInput(_ report: inout ErrorReport) {
        report.beginPass()
        for field in objectFields where field.definition >= 0 {
            let definition = index.inputDefinitions[Int(field.definition)]
            guard let reason = definition.deprecationReason else { continue }
            report.add(
                entering: field.node,
                at: [start(field.node)],
                "The input field \(typeName(field.parent)).\(definition.name) is deprecated. \(reason)"
            )
        }
        report.beginPass()
        for value in values where nodes[Int(value.node)].kind == .enumValue {
            let type = value.type.type.rawValue
            guard index.kinds[Int(type)] == .enum else { continue }
            let position = enumValue(value.node, of: type)
            guard position >= 0 else { continue }
            let definition = index.schema.types[Int(type)].values[Int(position)]
            guard let reason = definition.deprecationReason else { continue }
            report.add(
                entering: value.node,
                at: [start(value.node)],
                "The enum value \"\(typeName(type)).\(definition.name)\" is deprecated. \(reason)"
            )
        }
    }
}
