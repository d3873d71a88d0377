import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Only lists are streamed.
    public static let streamDirectiveOnListField = ValidationRule("StreamDirectiveOnListFieldRule") { facts, report in
        for directive in facts.directives
        where directive.location == .field && directive.field >= 0
            && facts.names.symbol(directive.name) == WellKnownSymbol.stream
        {
            if facts.index.fields[Int(directive.field)].type.isList { continue }
            let field = facts.fields[Int(facts.positions[Int(directive.host)])]
            report.add(
                entering: directive.node,
                at: [facts.start(directive.node)],
                "Directive \"@stream\" cannot be used on non-list field"
                    + " \"\(facts.typeName(field.parent)).\(facts.names.string(field.name))\"."
            )
        }
    }
}
