import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Fields that answer under the same key in the same object are the same field.
    ///
    /// Whether there is a conflict at all is found in near-linear time; only then pairs are compared, up to a maximum.
    ///
    /// https://spec.graphql.org/September2025/#sec-Field-Selection-Merging
    public static let overlappingFieldsCanBeMerged = ValidationRule("OverlappingFieldsCanBeMergedRule") {
        facts,
        report in
        let maximum = report.options.maxComparisons
        var detector = ConflictDetector(facts, maxSteps: maximum * 10)
        switch detector.detect(facts) {
        case .none: return
        case .unknown: report.addTooManyFields(maximum, at: 0, facts)
        case .conflict:
            var reporter = ConflictReporter(maxComparisons: maximum)
            // What is told of them is bounded too: nested conflicts are told at every level.
            var remainingFields = maximum / 10
            for set in facts.selectionSets {
                if report.isFull { return }
                for conflict in reporter.conflicts(within: set.node, maximum: report.remaining, facts) {
                    remainingFields -= conflict.left.count + conflict.right.count
                    if remainingFields < 0 { break }
                    report.add(
                        entering: set.node,
                        at: (conflict.left + conflict.right).map { facts.start(facts.fields[Int($0)].node) },
                        "Fields \"\(facts.names.string(conflict.key))\" conflict because \(facts.text(conflict.reason))."
                            + " Use different aliases on the fields to fetch both if this was intentional."
                    )
                }
                if reporter.isExhausted || remainingFields < 0 {
                    return report.addTooManyFields(maximum, at: set.node, facts)
                }
            }
        }
    }
}

extension ErrorReport {
    fileprivate mutating func addTooManyFields(_ maximum: Int, at node: Int32, _ facts: borrowing Facts) {
        add(
            entering: node,
            at: [facts.start(node)],
            "Too many overlapping fields: it takes more than \(maximum) comparisons to tell whether they conflict."
        )
    }
}

extension Facts {
    fileprivate func text(_ reason: ConflictReporter.Conflict.Reason) -> String {
        switch reason {
        case .names(let left, let right):
            return "\"\(names.string(left))\" and \"\(names.string(right))\" are different fields"
        case .arguments: return "they have differing arguments"
        case .types(let left, let right):
            return "they return conflicting types \"\(text(left))\" and \"\(text(right))\""
        case .subfields(let conflicts):
            var texts: [String] = []
            for conflict in conflicts {
                texts.append("subfields \"\(names.string(conflict.key))\" conflict because \(text(conflict.reason))")
            }
            return texts.joined(separator: " and ")
        }
    }
}
