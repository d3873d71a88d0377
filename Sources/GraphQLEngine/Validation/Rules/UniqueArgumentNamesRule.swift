import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// An argument is given once.
    ///
    /// https://spec.graphql.org/September2025/#sec-Argument-Uniqueness
    public static let uniqueArgumentNames = ValidationRule("UniqueArgumentNamesRule") { facts, report in
        guard facts.arguments.count > 1 else { return }
        var groups = NameGroups(facts.names.count)
        for field in facts.fields where field.arguments.count > 1 && !report.isFull {
            add(groups.repeated(facts.arguments[field.arguments], \.name, \.node), field.node, facts, &report)
        }
        report.beginPass()
        for directive in facts.directives where directive.arguments.count > 1 && !report.isFull {
            add(groups.repeated(facts.arguments[directive.arguments], \.name, \.node), directive.node, facts, &report)
        }
    }

    private static func add(
        _ repeated: [(name: NameID, nodes: [Int32])],
        _ owner: Int32,
        _ facts: borrowing Facts,
        _ report: inout ErrorReport
    ) {
        for (name, nodes) in repeated {
            report.add(
                entering: owner,
                at: nodes.map { facts.nameStart($0) },
                "There can be only one argument named \"\(facts.names.string(name))\"."
            )
        }
    }
}
