import GraphQLLanguage
import GraphQLSchema
import Synchronization

/// A document that was parsed, validated and found within the limits, with the plans made of it so far.
final class PreparedDocument: Sendable {
    let document: Document
    let operations: [PreparedOperation]

    /// - Parameter cost: makes the cost of an operation.
    init(_ document: Document, cost: (Document.Index) -> CostTree?) {
        self.document = document
        let conditions = ConditionVariables(document)
        operations = document.children(of: 0)
            .filter { document[$0].kind == .operationDefinition }
            .map {
                PreparedOperation(
                    node: $0,
                    document: document,
                    conditions: conditions.conditions(in: $0),
                    cost: cost($0)
                )
            }
    }

    /// https://spec.graphql.org/September2025/#GetOperation()
    func operation(named name: String?) throws(GraphQLError) -> PreparedOperation {
        guard let name else {
            guard let only = operations.first else { throw GraphQLError("Must provide an operation.") }
            guard operations.count == 1 else {
                throw GraphQLError("Must provide operation name if query contains multiple operations.")
            }
            return only
        }
        guard let operation = operations.first(where: { $0.name == name }) else {
            throw GraphQLError("Unknown operation named \"\(name)\".")
        }
        return operation
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
    /// Whether `@defer` or `@stream` stands in it.
    let mayBeIncremental: Bool
    private let conditionVariables: [String]
    private let plans = Mutex<[[Bool?]: Plan]>([:])

    init(node: Document.Index, document: Document, conditions: OperationConditions, cost: CostTree?) {
        self.node = node
        name = document.text(of: node)
        type = document[node].operation
        conditionVariables = conditions.variables
        mayBeIncremental = conditions.mayBeIncremental && type != .subscription
        self.cost = cost
    }

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
        if let plan = plans.withLock({ $0[key] }) { return plan }
        var booleans: [String: Bool] = [:]
        for (name, value) in zip(conditionVariables, key) { booleans[name] = value }
        let plan = try make(booleans)
        plans.withLock { plans in
            // A client that goes through all combinations only costs itself the planning.
            if plans.count >= Self.maximumPlans { plans.removeAll() }
            plans[key] = plan
        }
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
