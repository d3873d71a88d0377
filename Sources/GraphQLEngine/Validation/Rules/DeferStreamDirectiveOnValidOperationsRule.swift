import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Events of a subscription come whole: no `@defer`, no `@stream`, unless a variable or literal turns it off.
    public static let deferStreamDirectiveOnValidOperations = ValidationRule(
        "DeferStreamDirectiveOnValidOperationsRule"
    ) { facts, report in
        guard facts.operations.contains(where: { $0.kind == .subscription }) else { return }
        var isSubscribed = [Bool](repeating: false, count: facts.nodes.count)
        for operation in facts.operations where operation.kind == .subscription {
            isSubscribed[Int(operation.node)] = true
            for fragment in facts.fragmentsReached(from: operation) {
                isSubscribed[Int(facts.fragments[Int(fragment)].node)] = true
            }
        }
        var definition = 1
        for directive in facts.directives where facts.isIncremental(directive) {
            while Int(facts.nodes[definition].next) <= directive.node { definition = Int(facts.nodes[definition].next) }
            guard isSubscribed[definition], !facts.canBeTurnedOff(directive) else { continue }
            let name = facts.names.string(directive.name)
            report.add(
                entering: directive.node,
                at: [facts.start(directive.node)],
                "\(name == "defer" ? "Defer" : "Stream") directive not supported on subscription operations."
                    + " Disable `@\(name)` by setting the `if` argument to `false`."
            )
        }
    }
}

extension Facts {
    fileprivate func canBeTurnedOff(_ directive: DirectiveFact) -> Bool {
        guard let condition = argument("if", of: directive.node) else { return false }
        let value = nodes[Int(condition)]
        return value.kind == .variable || value.kind == .booleanValue && !value.flags.contains(.isTrue)
    }
}
