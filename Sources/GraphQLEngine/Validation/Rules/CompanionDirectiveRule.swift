import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// A directive of documents stands only at fields that carry a directive of the schema, without which it would do nothing
    /// and nobody would say so. Not a rule of the specification: it is for directives of a program.
    public static func companion(_ directive: String, of other: String) -> ValidationRule {
        ValidationRule("CompanionDirectiveRule") { facts, report in
            for use in facts.directives where use.field >= 0 && use.location == .field {
                guard facts.names.string(use.name) == directive,
                    let field = facts.index.definition(of: use.field),
                    !field.appliedDirectives.contains(where: { $0.name == other })
                else { continue }
                report.add(
                    entering: use.node,
                    at: [facts.start(use.node)],
                    "Directive \"@\(directive)\" does nothing at field \"\(field.name)\", which is not \"@\(other)\"."
                )
                if report.isFull { return }
            }
        }
    }
}
