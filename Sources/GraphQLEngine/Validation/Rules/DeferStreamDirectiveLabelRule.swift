import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Labels of `@defer` and `@stream` are written out, and each one is used once.
    public static let deferStreamDirectiveLabel = ValidationRule("DeferStreamDirectiveLabelRule") { facts, report in
        var known: [String: Int32] = [:]
        for directive in facts.directives where facts.isIncremental(directive) && !report.isFull {
            guard let label = facts.argument("label", of: directive.node) else { continue }
            guard facts.nodes[Int(label)].kind == .stringValue else {
                report.add(
                    entering: directive.node,
                    at: [facts.start(directive.node)],
                    "Argument \"@\(facts.names.string(directive.name))(label:)\" must be a static string."
                )
                continue
            }
            let text = facts.document.stringValue(of: Int(label))
            guard let first = known[text] else {
                known[text] = directive.node
                continue
            }
            report.add(
                entering: directive.node,
                at: [facts.start(first), facts.start(directive.node)],
                "Value for arguments \"defer(label:)\" and \"stream(label:)\" must be unique across all Defer/Stream"
                    + " directive usages."
            )
        }
    }
}

extension Facts {
    /// Whether a directive is `@defer` or `@stream`.
    func isIncremental(_ directive: DirectiveFact) -> Bool {
        let symbol = names.symbol(directive.name)
        return symbol == WellKnownSymbol.defer || symbol == WellKnownSymbol.stream
    }
}
