/// Which fragments spread which: its strongly connected components, in an order that puts a fragment behind everything
/// it spreads (Tarjan's algorithm, without recursion: a document can chain ten thousands of fragments).
struct FragmentGraph {
    /// By fragment.
    private(set) var component: [Int32] = []
    /// All fragments, component by component; those that spread no others come first.
    private(set) var order: [Int32] = []
    private(set) var componentCount = 0
    private(set) var hasCycles = false

    private struct Visit {
        let fragment: Int
        var position: Int
    }

    init() {}

    init(_ fragments: [FragmentFact], _ spreads: [SpreadFact]) {
        guard !fragments.isEmpty else { return }
        component = Array(repeating: -1, count: fragments.count)
        order.reserveCapacity(fragments.count)
        var low = [Int32](repeating: -1, count: fragments.count)
        var open: [Int32] = []
        var path: [Visit] = []
        var counter: Int32 = 0
        // A fragment's number while it is open; `low` sinks to the lowest number it reaches.
        var number = low
        for root in fragments.indices where number[root] < 0 {
            path.append(Visit(fragment: root, position: Int(fragments[root].spreads.lowerBound)))
            while let visit = path.last {
                let fragment = visit.fragment
                if number[fragment] < 0 {
                    number[fragment] = counter
                    low[fragment] = counter
                    counter += 1
                    open.append(Int32(truncatingIfNeeded: fragment))
                }
                if visit.position < Int(fragments[fragment].spreads.upperBound) {
                    path[path.count - 1].position += 1
                    let target = Int(spreads[visit.position].fragment)
                    if target < 0 { continue }
                    if target == fragment { hasCycles = true }
                    if number[target] < 0 {
                        path.append(Visit(fragment: target, position: Int(fragments[target].spreads.lowerBound)))
                    } else if component[target] < 0 {
                        low[fragment] = min(low[fragment], number[target])
                    }
                    continue
                }
                path.removeLast()
                if let caller = path.last { low[caller.fragment] = min(low[caller.fragment], low[fragment]) }
                if low[fragment] == number[fragment] { close(fragment, &open) }
            }
        }
    }

    private mutating func close(_ root: Int, _ open: inout [Int32]) {
        var size = 0
        while let member = open.popLast() {
            component[Int(member)] = Int32(truncatingIfNeeded: componentCount)
            order.append(member)
            size += 1
            if Int(member) == root { break }
        }
        componentCount += 1
        if size > 1 { hasCycles = true }
    }
}

extension Facts {
    var hasFragmentsOfOneName: Bool {
        var isKnown = [Bool](repeating: false, count: names.count)
        for fragment in fragments {
            if isKnown[Int(fragment.name)] { return true }
            isKnown[Int(fragment.name)] = true
        }
        return false
    }

    /// The fragments an operation reaches, in the order in which graphql-js finds them.
    func fragmentsReached(from operation: OperationFact) -> [Int32] {
        var reached: [Int32] = []
        var isReached = [Bool](repeating: false, count: fragments.count)
        var selections = [operation.spreads]
        while let spreads = selections.popLast() {
            for spread in self.spreads[Int(spreads.lowerBound)..<Int(spreads.upperBound)]
            where spread.fragment >= 0 && !isReached[Int(spread.fragment)] {
                isReached[Int(spread.fragment)] = true
                reached.append(spread.fragment)
                selections.append(fragments[Int(spread.fragment)].spreads)
            }
        }
        return reached
    }

    func variableUses(_ range: Range<Int32>) -> ArraySlice<VariableUseFact> {
        variableUses[Int(range.lowerBound)..<Int(range.upperBound)]
    }

    func variableDefinitions(of operation: OperationFact) -> ArraySlice<VariableDefinitionFact> {
        variableDefinitions[Int(operation.variables.lowerBound)..<Int(operation.variables.upperBound)]
    }

    /// The variables an operation uses, in its own selections first, then in the fragments it reaches.
    func recursiveUses(of operation: OperationFact) -> [VariableUseFact] {
        var uses = Array(variableUses(operation.uses))
        for fragment in fragmentsReached(from: operation) {
            uses += variableUses(fragments[Int(fragment)].uses)
        }
        return uses
    }
}
