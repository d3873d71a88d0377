import GraphQLLanguage
import GraphQLSchema
import Synchronization

/// A document that was parsed, validated and found within the limits, with what was made of its operations so far.
///
/// Operations are looked at when they are asked for: a document may hold a thousand of them that share all they select.
final class PreparedDocument: Sendable {
    let document: Document
    /// The hash of its key in the cache.
    let hash: Int
    private let definitions: [Definition]
    private let operations: Mutex<[PreparedOperation?]>
    private let cost: @Sendable (Document.Index) -> CostTree?
    /// The cache that keeps the document, or may do so.
    private weak let cache: DocumentCache?

    private struct Definition {
        let node: Document.Index
        let name: String
    }

    /// - Parameter cost: makes the cost of an operation.
    init(
        _ document: Document,
        hash: Int,
        in cache: DocumentCache,
        cost: @escaping @Sendable (Document.Index) -> CostTree?
    ) {
        self.document = document
        self.hash = hash
        self.cache = cache
        self.cost = cost
        definitions = document.children(of: 0)
            .filter { document[$0].kind == .operationDefinition }
            .map { Definition(node: $0, name: document.text(of: $0)) }
        operations = Mutex(Array(repeating: nil, count: definitions.count))
    }

    /// What the document weighs before anything is made of it.
    var bytes: Int { 2 * document.bytes.count + document.nodes.count * MemoryLayout<Node>.stride + 512 }

    /// Counts what was made of the document.
    func grow(by bytes: Int) { cache?.grow(self, by: bytes) }

    /// https://spec.graphql.org/September2025/#GetOperation()
    func operation(named name: String?) throws(GraphQLError) -> PreparedOperation {
        guard let name else {
            guard !definitions.isEmpty else { throw GraphQLError("Must provide an operation.") }
            guard definitions.count == 1 else {
                throw GraphQLError("Must provide operation name if query contains multiple operations.")
            }
            return operation(at: 0)
        }
        guard let position = definitions.firstIndex(where: { $0.name == name }) else {
            throw GraphQLError("Unknown operation named \"\(name)\".")
        }
        return operation(at: position)
    }

    private func operation(at position: Int) -> PreparedOperation {
        if let known = operations.withLock({ $0[position] }) { return known }
        let definition = definitions[position]
        let operation = PreparedOperation(
            node: definition.node,
            name: definition.name,
            document: self,
            conditions: ConditionVariables(document).conditions(in: definition.node),
            cost: cost(definition.node)
        )
        // Whoever comes first is kept, so that all make their plans for the same one.
        let (kept, isNew) = operations.withLock { operations in
            if let known = operations[position] { return (known, false) }
            operations[position] = operation
            return (operation, true)
        }
        if isNew { grow(by: operation.bytes) }
        return kept
    }
}

/// An operation with its plans: one for each set of values the variables that decide what is selected
/// had so far.
final class PreparedOperation: Sendable {
    let node: Document.Index
    let name: String
    let type: OperationType
    /// What it costs; nil where that is not limited.
    let cost: CostTree?
    /// Whether it has no variables: what is decided about it is decided once.
    let isConstant: Bool
    /// Whether `@defer` or `@stream` stands in it.
    let mayBeIncremental: Bool
    /// Its document; not kept by what the document keeps.
    private weak let document: PreparedDocument?
    private let conditionVariables: [String]
    private let checkedCost = Mutex<OperationCost?>(nil)
    /// So few that they are looked through.
    private let plans = Mutex<[KeyedPlan]>([])

    private struct KeyedPlan {
        let key: [Bool?]
        let plan: Plan
    }

    init(
        node: Document.Index,
        name: String,
        document: PreparedDocument,
        conditions: OperationConditions,
        cost: CostTree?
    ) {
        self.node = node
        self.name = name
        self.document = document
        type = document.document[node].operation
        isConstant = document.document.child(.variableDefinition, of: node) == nil
        conditionVariables = conditions.variables
        mayBeIncremental = conditions.mayBeIncremental && type != .subscription
        self.cost = cost
    }

    /// What it was found to cost, and to be allowed to; kept where it has no variables on which that depends.
    var knownCost: OperationCost? { checkedCost.withLock { $0 } }

    func keep(_ cost: OperationCost) { checkedCost.withLock { $0 = cost } }

    /// About what the operation weighs without its plans.
    fileprivate var bytes: Int { 256 + (cost?.nodes.count ?? 0) * MemoryLayout<CostTree.Node>.stride }

    /// The plan for these variables, made by `make` the first time it is asked for.
    ///
    /// - Parameter isIncremental: whether the answer may come in parts.
    func plan(
        for variables: VariableValues,
        isIncremental: Bool,
        make: ([String: Bool]) throws(GraphQLError) -> Plan
    ) throws(GraphQLError) -> Plan {
        var key: [Bool?] = conditionVariables.map { name in
            guard case .boolean(let value)? = variables[name] else { return nil }
            return value
        }
        if isIncremental { key.append(true) }
        let known = plans.withLock { plans in plans.first { $0.key == key }?.plan }
        if let known { return known }
        var booleans: [String: Bool] = [:]
        for (name, value) in zip(conditionVariables, key) { booleans[name] = value }
        let plan = try make(booleans)
        let freed = plans.withLock { plans in
            // A client that goes through all combinations only costs itself the planning.
            let isFull = plans.count >= Self.maximumPlans
            let freed = plans.reduce(0) { isFull || $1.key == key ? $0 + $1.plan.bytes : $0 }
            plans.removeAll { isFull || $0.key == key }
            plans.append(KeyedPlan(key: key, plan: plan))
            return freed
        }
        document?.grow(by: plan.bytes - freed)
        return plan
    }

    private static let maximumPlans = 16
}

/// What decides about an operation's plan.
struct OperationConditions {
    /// The variables in `@skip`, `@include`, `@defer(if:)` and `@stream(if:)`, each once, in order.
    var variables: [String] = []
    var mayBeIncremental = false
}

/// Which variables decide what is selected, and when it comes.
private struct ConditionVariables {
    private let document: Document
    private let fragments: [String: Document.Index]

    init(_ document: Document) {
        self.document = document
        var fragments: [String: Document.Index] = [:]
        for definition in document.children(of: 0) where document[definition].kind == .fragmentDefinition {
            fragments[document.text(of: definition)] = definition
        }
        self.fragments = fragments
    }

    /// Those of an operation and the fragments it reaches.
    func conditions(in operation: Document.Index) -> OperationConditions {
        var conditions = OperationConditions()
        var seenNames: Set<String> = []
        var open = [operation]
        var seen: Set<Document.Index> = [operation]
        while let definition = open.popLast() {
            for node in definition..<Int(document[definition].next) {
                switch document[node].kind {
                case .fragmentSpread:
                    if let fragment = fragments[document.text(of: node)], seen.insert(fragment).inserted {
                        open.append(fragment)
                    }
                case .directive:
                    let directive = document.text(of: node)
                    let isIncremental = directive == "defer" || directive == "stream"
                    guard isIncremental || directive == "skip" || directive == "include" else { continue }
                    if isIncremental { conditions.mayBeIncremental = true }
                    guard let name = conditionVariable(of: node), seenNames.insert(name).inserted else { continue }
                    conditions.variables.append(name)
                default: continue
                }
            }
        }
        return conditions
    }

    private func conditionVariable(of directive: Document.Index) -> String? {
        for argument in document.children(of: directive)
        where document[argument].kind == .argument && document.text(of: argument) == "if" {
            guard let value = document.value(of: argument), document[value].kind == .variable else { return nil }
            return document.text(of: value)
        }
        return nil
    }
}
