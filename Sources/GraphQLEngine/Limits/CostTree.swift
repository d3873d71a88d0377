import GraphQLLanguage
import GraphQLSchema

/// What an operation costs as far as its text tells, with its variables left open. One for each operation; its cost for
/// given variables is one pass over an array.
struct CostTree: Sendable {
    let document: Document
    let operation: Document.Index
    let schema: PlannableSchema
    let costs: SchemaCosts
    /// Children come after their parent. The first node is the operation.
    var nodes: [Node] = [Node(kind: .all, parent: 0)]
    /// Whether the operation was too large to be looked at; the limit on fields refuses such ones before.
    var isUncounted = false

    struct Node: Sendable {
        enum Kind: Sendable {
            /// All children count.
            case all
            /// The dearest child counts.
            case dearest
            case field
        }

        let kind: Kind
        let parent: Int
        var conditions: [Condition] = []
        /// What a call costs, its arguments left out.
        var callWeight = 0.0
        var arguments: [GivenArgument] = []
        var elementWeight = 0.0
        var isComposite = false
        var size = Size.constant(1)
    }

    /// A variable that decides whether a field is there.
    struct Condition: Hashable, Sendable {
        let variable: String
        let includesWhen: Bool
    }

    struct GivenArgument: Sendable {
        let argument: SchemaCosts.Argument
        let literal: Document.Index
    }

    /// How many elements the list of a field has.
    indirect enum Size: Sendable {
        case constant(Double)
        case sliced(SchemaCosts.ListSize, by: Document.Index)
        /// Lists in lists.
        case times(Double, Size)
    }

    /// The cost with these variables.
    func cost(_ variables: VariableValues, assumedListSize: Double) throws(GraphQLError) -> OperationCost {
        guard !isUncounted else { return OperationCost(points: .infinity, nodes: .infinity) }
        guard nodes.count > 1 else { return OperationCost(points: 0, nodes: 0) }
        var sums = [OperationCost](repeating: OperationCost(points: 0, nodes: 0), count: nodes.count)
        for index in nodes.indices.reversed() {
            let node = nodes[index]
            guard node.conditions.allSatisfy({ isIncluded($0, variables) }) else {
                sums[index] = OperationCost(points: 0, nodes: 0)
                continue
            }
            var cost = sums[index]
            if node.kind == .field {
                let size = try size(node.size, variables, assumedListSize)
                let call =
                    node.callWeight
                    + node.arguments.reduce(0) {
                        $0 + costs.weight(of: $1, variables, in: document, schema.schema)
                    }
                cost.points = call + size * (node.elementWeight + cost.points)
                cost.nodes = size * ((node.isComposite ? 1 : 0) + cost.nodes)
            }
            sums[index] = cost
            guard index > 0 else { continue }
            if nodes[node.parent].kind == .dearest {
                sums[node.parent].points = max(sums[node.parent].points, cost.points)
                sums[node.parent].nodes = max(sums[node.parent].nodes, cost.nodes)
            } else {
                sums[node.parent].points += cost.points
                sums[node.parent].nodes += cost.nodes
            }
        }
        return sums[0]
    }

    private func isIncluded(_ condition: Condition, _ variables: VariableValues) -> Bool {
        guard case .boolean(let value)? = variables[condition.variable] else { return true }
        return value == condition.includesWhen
    }

    // MARK: Sizes of lists

    private func size(
        _ size: Size,
        _ variables: VariableValues,
        _ assumedListSize: Double
    ) throws(GraphQLError) -> Double {
        switch size {
        case .constant(let size): return size
        case .times(let factor, let size): return factor * (try self.size(size, variables, assumedListSize))
        case .sliced(let listSize, let field):
            let given = listSize.slicing.compactMap { number(at: $0.path, of: field, variables) }
            if listSize.requiresOne, given.count > 1 { throw slicingFault(listSize, field, "takes only one") }
            if let largest = given.max() { return max(0, largest) }
            if let largest = listSize.slicing.compactMap(\.default).max() { return max(0, largest) }
            if listSize.requiresOne { throw slicingFault(listSize, field, "needs one") }
            return listSize.assumed ?? assumedListSize
        }
    }

    /// The value of a slicing argument that the operation gives.
    private func number(at path: [String], of field: Document.Index, _ variables: VariableValues) -> Double? {
        guard let name = path.first else { return nil }
        let argument = document.children(of: field).first {
            document[$0].kind == .argument && document.text(of: $0) == name
        }
        guard var node = argument.flatMap(document.value(of:)) else { return nil }
        var rest = path.dropFirst()
        while let name = rest.first, document[node].kind == .objectValue {
            guard let member = document.children(of: node).first(where: { document.text(of: $0) == name }) else {
                return nil
            }
            node = member + 1
            rest = rest.dropFirst()
        }
        switch document[node].kind {
        case .variable: return variables[document.text(of: node)]?.at(rest)?.number
        case .intValue: return Double(document.text(of: node))
        default: return nil
        }
    }

    private func slicingFault(
        _ listSize: SchemaCosts.ListSize,
        _ field: Document.Index,
        _ what: String
    ) -> GraphQLError {
        let names = listSize.slicing.map { "\"\($0.path.joined(separator: "."))\"" }.joined(separator: ", ")
        return GraphQLError(
            "Field \"\(document.text(of: field))\" \(what) of the arguments \(names).",
            locations: [document.location(of: field)],
            extensions: ["code": .string(LimitCode.tooComplex.rawValue)]
        )
    }
}
