import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Arguments that have to be given are given.
    ///
    /// https://spec.graphql.org/September2025/#sec-Required-Arguments
    public static let providedRequiredArguments = ValidationRule("ProvidedRequiredArgumentsRule") { facts, report in
        let index = facts.index
        // A walk finds these on its way out, inner fields before outer ones.
        var incomplete: [(key: UInt64, field: FieldFact)] = []
        for field in facts.fields where field.definition >= 0 {
            let definition = index.fields[Int(field.definition)]
            guard definition.hasRequiredArguments else { continue }
            let expected = definition.firstArgument..<definition.endOfArguments
            if facts.missing(expected, field.arguments).isEmpty { continue }
            incomplete.append((ErrorReport.key(leaving: field.node, facts), field))
        }
        if incomplete.count > 1 { incomplete.sort { $0.key < $1.key } }
        for (_, field) in incomplete where !report.isFull {
            let definition = index.fields[Int(field.definition)]
            for input in facts.missing(definition.firstArgument..<definition.endOfArguments, field.arguments) {
                let argument = index.inputDefinitions[Int(input)]
                report.add(
                    leaving: field.node,
                    facts,
                    at: [facts.start(field.node)],
                    "Field \"\(facts.names.string(field.name))\" argument \"\(argument.name)\" of type"
                        + " \"\(facts.text(argument.type))\" is required, but it was not provided."
                )
            }
        }
        report.beginPass()
        guard !facts.directives.isEmpty else { return }
        let own = facts.directivesDefinedByDocument
        for directive in facts.directives where !report.isFull {
            for (argument, type) in facts.missingArguments(of: directive, own) {
                report.add(
                    leaving: directive.node,
                    facts,
                    at: [facts.start(directive.node)],
                    "Directive \"@\(facts.names.string(directive.name))\" argument \"\(argument)\" of type \"\(type)\" is required,"
                        + " but it was not provided."
                )
            }
        }
    }
}

extension Facts {
    /// The required ones of some inputs that none of some arguments provides.
    fileprivate func missing(_ expected: Range<InputID>, _ given: Range<Int>) -> [InputID] {
        var missing: [InputID] = []
        for input in expected where index.inputs[Int(input)].isRequired {
            if !arguments[given].contains(where: { $0.definition == input }) { missing.append(input) }
        }
        return missing
    }

    fileprivate func missingArguments(
        of directive: DirectiveFact,
        _ own: [NameID: Int32]
    ) -> [(name: String, type: String)] {
        if let definition = own[directive.name] {
            let given = arguments[directive.arguments].map { names.string($0.name) }
            return argumentDefinitions(of: definition).compactMap { argument in
                guard let type = document.type(of: argument), document[type].flags.contains(.nonNull),
                    document.value(of: argument) == nil, !given.contains(document.text(of: argument))
                else { return nil }
                return (document.text(of: argument), document.printed(type))
            }
        }
        guard directive.definition >= 0 else { return [] }
        return missing(index.arguments(ofDirective: directive.definition), directive.arguments).map { input in
            let argument = index.inputDefinitions[Int(input)]
            return (argument.name, text(argument.type))
        }
    }
}
