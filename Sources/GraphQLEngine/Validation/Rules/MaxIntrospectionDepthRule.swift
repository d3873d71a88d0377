import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Introspection nests no more than two of its lists: each one multiplies the answer by the size of the schema.
    public static let maxIntrospectionDepth = ValidationRule("MaxIntrospectionDepthRule") { facts, report in
        var depths: [UInt8]?
        for field in facts.fields {
            let symbol = facts.names.symbol(field.name)
            guard symbol == WellKnownSymbol.schema || symbol == WellKnownSymbol.type, !report.isFull else { continue }
            let known = depths ?? facts.introspectionDepths()
            depths = known
            guard facts.introspectionDepth(in: field.node, known) >= Facts.maxIntrospectionDepth else { continue }
            report.add(
                entering: field.node,
                at: [facts.start(field.node)],
                "Maximum introspection depth exceeded"
            )
        }
    }
}

extension Facts {
    fileprivate static let maxIntrospectionDepth: UInt8 = 3

    /// By fragment: how many lists of introspection it nests. A cycle that passes through such a list nests too many.
    fileprivate func introspectionDepths() -> [UInt8] {
        var depths = [UInt8](repeating: 0, count: fragments.count)
        var first = 0
        while first < graph.order.count {
            let component = graph.component[Int(graph.order[first])]
            var end = first
            while end < graph.order.count, graph.component[Int(graph.order[end])] == component { end += 1 }
            // What a fragment spreads lies before it, save for cycles: those run until nothing deepens any more.
            var isDone = false
            while !isDone {
                isDone = true
                for fragment in graph.order[first..<end] {
                    let depth = introspectionDepth(in: fragments[Int(fragment)].selectionSet, depths)
                    if depth > depths[Int(fragment)] {
                        depths[Int(fragment)] = depth
                        isDone = end - first == 1 && !spreadsItself(fragment)
                    }
                }
            }
            first = end
        }
        return depths
    }

    private func spreadsItself(_ fragment: Int32) -> Bool {
        let range = fragments[Int(fragment)].spreads
        return spreads[Int(range.lowerBound)..<Int(range.upperBound)].contains { $0.fragment == fragment }
    }

    fileprivate func introspectionDepth(in root: Int32, _ depths: [UInt8]) -> UInt8 {
        var deepest: UInt8 = 0
        // Where the lists around the current node end.
        var ends: [UInt32] = []
        var node = Int(root)
        while node < nodes[Int(root)].next {
            while let end = ends.last, end <= node { ends.removeLast() }
            switch nodes[node].kind {
            case .field:
                switch names.symbol(fields[Int(positions[node])].name) {
                case WellKnownSymbol.fields, WellKnownSymbol.interfaces, WellKnownSymbol.possibleTypes,
                    WellKnownSymbol.inputFields:
                    ends.append(nodes[node].next)
                default: break
                }
                deepest = max(deepest, UInt8(clamping: ends.count))
            case .fragmentSpread:
                let fragment = spreads[Int(positions[node])].fragment
                if fragment >= 0 { deepest = max(deepest, UInt8(clamping: ends.count + Int(depths[Int(fragment)]))) }
            default: break
            }
            if deepest >= Self.maxIntrospectionDepth { return Self.maxIntrospectionDepth }
            node += 1
        }
        return deepest
    }
}
