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
                    conditionVariables: conditions.names(in: $0),
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

/// An operation with its plans: one for each set of values the variables of `@skip` and `@include` had so far.
final class PreparedOperation: Sendable {
    let node: Document.Index
    let name: String
    let type: OperationType
    /// What it costs; nil where that is not limited.
    let cost: CostTree?
    private let conditionVariables: [String]
    private let plans = Mutex<[[Bool?]: Plan]>([:])

    init(node: Document.Index, document: Document, conditionVariables: [String], cost: CostTree?) {
        self.node = node
        name = document.text(of: node)
        type = document[node].operation
        self.conditionVariables = conditionVariables
        self.cost = cost
    }

    /// The plan for these variables, made by `make` the first time it is asked for.
    func plan(
        for variables: VariableValues,
        make: ([String: Bool]) throws(GraphQLError) -> Plan
    ) throws(GraphQLError) -> Plan {
        let key: [Bool?] = conditionVariables.map { name in
            guard case .boolean(let value)? = variables[name] else { return nil }
            return value
        }
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

/// Which variables decide what is selected.
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

    /// The variables in `@skip` and `@include` of an operation and the fragments it reaches, each once, in order.
    func names(in operation: Document.Index) -> [String] {
        var names: [String] = []
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
                    guard let name = conditionVariable(of: node), seenNames.insert(name).inserted else { continue }
                    names.append(name)
                default: continue
                }
            }
        }
        return names
    }

    private func conditionVariable(of directive: Document.Index) -> String? {
        let name = document.text(of: directive)
        guard name == "skip" || name == "include", let argument = document.child(.argument, of: directive),
            let value = document.value(of: argument), document[value].kind == .variable
        else { return nil }
        return document.text(of: value)
    }
}
