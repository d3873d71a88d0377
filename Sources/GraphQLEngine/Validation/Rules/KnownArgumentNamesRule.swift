import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Arguments that are given exist.
    ///
    /// https://spec.graphql.org/September2025/#sec-Argument-Names
    public static let knownArgumentNames = ValidationRule("KnownArgumentNamesRule") { facts, report in
        for field in facts.fields where field.definition >= 0 {
            for argument in facts.arguments[field.arguments] where argument.definition < 0 && !report.isFull {
                let name = facts.names.string(argument.name)
                let definition = facts.index.fields[Int(field.definition)]
                let known = definition.firstArgument..<definition.endOfArguments
                let suggestion = report.suggestion(
                    for: name,
                    among: known.map { facts.index.inputDefinitions[Int($0)].name }
                )
                report.add(
                    entering: argument.node,
                    at: [facts.start(argument.node)],
                    "Unknown argument \"\(name)\" on field"
                        + " \"\(facts.typeName(field.parent)).\(facts.names.string(field.name))\"." + suggestion
                )
            }
        }
        report.beginPass()
        guard !facts.directives.isEmpty else { return }
        let own = facts.directivesDefinedByDocument
        for directive in facts.directives where !directive.arguments.isEmpty {
            guard let known = facts.knownArguments(of: directive, own) else { continue }
            for argument in facts.arguments[directive.arguments] where !report.isFull {
                let name = facts.names.string(argument.name)
                if known.contains(name) { continue }
                let suggestion = report.suggestion(for: name, among: known)
                report.add(
                    entering: directive.node,
                    at: [facts.start(argument.node)],
                    "Unknown argument \"\(name)\" on directive \"@\(facts.names.string(directive.name))\"." + suggestion
                )
            }
        }
    }
}

extension Facts {
    /// The names of a directive's arguments; nil where nobody defines the directive or all its arguments are right.
    fileprivate func knownArguments(of directive: DirectiveFact, _ own: [NameID: Int32]) -> [String]? {
        if let definition = own[directive.name] {
            return argumentDefinitions(of: definition).map(document.text(of:))
        }
        guard directive.definition >= 0,
            arguments[directive.arguments].contains(where: { $0.definition < 0 })
        else { return nil }
        return index.schema.directives[Int(directive.definition)].arguments.map(\.name)
    }
}
