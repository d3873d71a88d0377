import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// No fragment spreads itself, not by way of others either.
    ///
    /// https://spec.graphql.org/September2025/#sec-Fragment-Spreads-Must-Not-Form-Cycles
    public static let noFragmentCycles = ValidationRule("NoFragmentCyclesRule") { facts, report in
        // A spread means the last fragment of a name, but counts as a cycle in each of them.
        guard facts.graph.hasCycles || facts.hasFragmentsOfOneName else { return }
        var search = CycleSearch(facts)
        for (position, fragment) in facts.fragments.enumerated() where !report.isFull {
            search.search(from: position, entering: fragment.node, facts, &report)
        }
    }
}

/// A depth-first search for cycles, without recursion: fragments can be chained as deep as a document is long.
private struct CycleSearch {
    /// By name, as a second fragment of a name is nothing but a mistake.
    private var isVisited: [Bool]
    private var depthOnPath: [Int32]
    private var path: [Int32] = []
    private var visits: [Visit] = []

    private struct Visit {
        let name: NameID
        let spreads: [Int32]
        var position = 0
    }

    /// Longer cycles are not told in full.
    private static let longestCycle = 1_000

    init(_ facts: borrowing Facts) {
        isVisited = Array(repeating: false, count: facts.names.count)
        depthOnPath = Array(repeating: -1, count: facts.names.count)
    }

    mutating func search(
        from fragment: Int,
        entering node: Int32,
        _ facts: borrowing Facts,
        _ report: inout ErrorReport
    ) {
        visit(fragment, facts)
        while let visit = visits.last {
            guard visit.position < visit.spreads.count else {
                visits.removeLast()
                if !visits.isEmpty { path.removeLast() }
                depthOnPath[Int(visit.name)] = -1
                continue
            }
            visits[visits.count - 1].position += 1
            let spread = facts.spreads[Int(visit.spreads[visit.position])]
            path.append(visit.spreads[visit.position])
            let depth = depthOnPath[Int(spread.name)]
            if depth >= 0 {
                addError(path[Int(depth)...], entering: node, facts, &report)
            } else if spread.fragment >= 0, !isVisited[Int(spread.name)] {
                self.visit(Int(spread.fragment), facts)
                continue
            }
            path.removeLast()
        }
    }

    private mutating func visit(_ fragment: Int, _ facts: borrowing Facts) {
        let name = facts.fragments[fragment].name
        if isVisited[Int(name)] { return }
        isVisited[Int(name)] = true
        let spreads = facts.spreadsBreadthLast(of: facts.fragments[fragment])
        depthOnPath[Int(name)] = Int32(truncatingIfNeeded: path.count)
        visits.append(Visit(name: name, spreads: spreads))
    }

    private func addError(
        _ cycle: ArraySlice<Int32>,
        entering node: Int32,
        _ facts: borrowing Facts,
        _ report: inout ErrorReport
    ) {
        guard !report.isFull, let last = cycle.last else { return }
        let told = cycle.prefix(Self.longestCycle)
        var via = told.dropLast(told.count == cycle.count ? 1 : 0).map {
            "\"\(facts.names.string(facts.spreads[Int($0)].name))\""
        }
        if told.count < cycle.count { via.append("…") }
        let name = facts.names.string(facts.spreads[Int(last)].name)
        report.add(
            entering: node,
            at: told.map { facts.start(facts.spreads[Int($0)].node) },
            "Cannot spread fragment \"\(name)\" within itself"
                + (via.isEmpty ? "." : " via \(via.joined(separator: ", ")).")
        )
    }
}

extension Facts {
    /// The spreads in a fragment, in the order in which graphql-js finds them: those of a selection set, then those of
    /// the selection sets in it, the last one first. It decides which of the ways around a cycle is told.
    fileprivate func spreadsBreadthLast(of fragment: FragmentFact) -> [Int32] {
        var found: [Int32] = []
        var sets = [fragment.selectionSet]
        while let set = sets.popLast() {
            var node = set + 1
            while node < nodes[Int(set)].next {
                let position = positions[Int(node)]
                switch nodes[Int(node)].kind {
                case .fragmentSpread: found.append(position)
                case .field:
                    let selectionSet = fields[Int(position)].selectionSet
                    if selectionSet != 0 { sets.append(selectionSet) }
                default: sets.append(selectionSet(of: node))
                }
                node = Int32(bitPattern: nodes[Int(node)].next)
            }
        }
        return found
    }
}
