import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// A subscription selects one field of the root type, and none of introspection.
    ///
    /// https://spec.graphql.org/September2025/#sec-Single-Root-Field
    public static let singleFieldSubscriptions = ValidationRule("SingleFieldSubscriptionsRule") { facts, report in
        for operation in facts.operations where operation.kind == .subscription && operation.type >= 0 {
            let groups = facts.rootFields(of: operation)
            let subject = facts.operationName(operation).map { "Subscription \"\($0)\"" } ?? "Anonymous Subscription"
            if groups.count > 1 {
                report.add(
                    entering: operation.node,
                    at: groups.dropFirst().joined().map { facts.start(facts.fields[Int($0)].node) },
                    "\(subject) must select only one top level field."
                )
            }
            for group in groups {
                let name = facts.fields[Int(group[0])].name
                guard facts.names.isReserved(name) else { continue }
                report.add(
                    entering: operation.node,
                    at: group.map { facts.start(facts.fields[Int($0)].node) },
                    "\(subject) must not select an introspection top level field."
                )
            }
        }
    }
}

extension Facts {
    /// The fields an operation selects at its root, grouped by response key; what `@skip` and `@include` leave out
    /// whatever the variables are, is left out.
    ///
    /// https://spec.graphql.org/September2025/#CollectSubscriptionFields()
    fileprivate func rootFields(of operation: OperationFact) -> [[Int32]] {
        var groups: [[Int32]] = []
        var groupByKey = [Int32](repeating: -1, count: names.count)
        var isVisited = [Bool](repeating: false, count: names.count)
        var ranges: [Range<Int32>] = []
        var range = selections(operation.selectionSet)
        while true {
            guard let node = range.first else {
                guard let next = ranges.popLast() else { return groups }
                range = next
                continue
            }
            range = Int32(bitPattern: nodes[Int(node)].next)..<range.upperBound
            if isExcluded(node) { continue }
            let position = positions[Int(node)]
            switch nodes[Int(node)].kind {
            case .field:
                let key = Int(fields[Int(position)].key)
                if groupByKey[key] < 0 {
                    groupByKey[key] = Int32(groups.count)
                    groups.append([])
                }
                groups[Int(groupByKey[key])].append(position)
            case .inlineFragment:
                let fragment = inlineFragments[Int(position)]
                guard fragment.condition == 0 || applies(fragment.conditionType, to: operation.type) else { continue }
                ranges.append(range)
                range = selections(selectionSet(of: node))
            default:
                let spread = spreads[Int(position)]
                if isVisited[Int(spread.name)] { continue }
                isVisited[Int(spread.name)] = true
                guard spread.fragment >= 0 else { continue }
                let fragment = fragments[Int(spread.fragment)]
                guard applies(fragment.conditionType, to: operation.type) else { continue }
                ranges.append(range)
                range = selections(fragment.selectionSet)
            }
        }
    }

    private func applies(_ condition: Int32, to object: Int32) -> Bool {
        if condition == object { return true }
        let condition = index.composite(condition)
        return condition >= 0 && index.kinds[Int(condition)] != .object && index.isPossible(object, of: condition)
    }

    private func isExcluded(_ selection: Int32) -> Bool {
        var child = selection + 1
        while child < nodes[Int(selection)].next {
            let node = nodes[Int(child)]
            if node.kind == .selectionSet { return false }
            if node.kind == .directive {
                let name = document.text(of: Int(child))
                let excluding: [Bool] = name == "skip" ? [true] : name == "include" ? [false] : []
                if let value = argument("if", of: child), nodes[Int(value)].kind == .booleanValue,
                    excluding.contains(nodes[Int(value)].flags.contains(.isTrue))
                {
                    return true
                }
            }
            child = Int32(bitPattern: node.next)
        }
        return false
    }
}
