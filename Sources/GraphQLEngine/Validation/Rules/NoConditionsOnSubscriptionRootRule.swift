import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Whether a subscription's root field is selected does not depend on variables: no `@skip`, no `@include` there.
    ///
    /// https://spec.graphql.org/September2025/#sec-Single-Root-Field
    public static let noConditionsOnSubscriptionRoot = ValidationRule("NoConditionsOnSubscriptionRootRule") {
        facts,
        report in
        for operation in facts.operations where operation.kind == .subscription && operation.type >= 0 {
            let conditions = facts.rootConditions(of: operation)
            if conditions.isEmpty { continue }
            let subject = facts.operationName(operation).map { "Subscription \"\($0)\"" } ?? "Anonymous Subscription"
            report.add(
                entering: operation.node,
                at: conditions.map { facts.start($0) },
                "\(subject) must not use `@skip` or `@include` directives in the top level selection."
            )
        }
    }
}

extension Facts {
    /// `@skip` and `@include` on the root selections of an operation, those of the fragments spread there included.
    fileprivate func rootConditions(of operation: OperationFact) -> [Int32] {
        var sets = [operation.selectionSet]
        var isVisited = [Bool](repeating: false, count: fragments.count)
        var roots: Set<Int32> = []
        while let set = sets.popLast() {
            var node = set + 1
            while node < nodes[Int(set)].next {
                roots.insert(node)
                switch nodes[Int(node)].kind {
                case .inlineFragment: sets.append(selectionSet(of: node))
                case .fragmentSpread:
                    let fragment = Int(spreads[Int(positions[Int(node)])].fragment)
                    if fragment >= 0, !isVisited[fragment] {
                        isVisited[fragment] = true
                        sets.append(fragments[fragment].selectionSet)
                    }
                default: break
                }
                node = Int32(bitPattern: nodes[Int(node)].next)
            }
        }
        return directives.filter { directive in
            let symbol = names.symbol(directive.name)
            return (symbol == WellKnownSymbol.skip || symbol == WellKnownSymbol.include)
                && roots.contains(directive.host)
        }.map(\.node)
    }
}
