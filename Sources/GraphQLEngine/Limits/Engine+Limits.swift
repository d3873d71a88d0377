import GraphQLLanguage
import GraphQLSchema

extension Engine {
    /// Refuses a document of which an operation is too large, whichever operation is asked for.
    func withinLimits(_ document: Document, _ key: DocumentCache.Key) throws(RequestFailure) -> PreparedDocument {
        let limits = options.limits
        var measurement = ShapeMeasurement(document)
        var errors: [GraphQLError] = []
        for operation in document.children(of: 0) where document[operation].kind == .operationDefinition {
            let shape = measurement.measure(operation)
            if let error = limits.violation(of: shape, operation, in: document) { errors.append(error) }
            // A thousand operations can break a limit by one fragment.
            if errors.count == 20 { break }
        }
        guard errors.isEmpty else { throw RequestFailure(.invalidRequest, errors) }
        let isTold = options.extensions.cost || options.extensions.trace
        guard limits.points < .infinity || limits.nodes < .infinity || isTold else {
            return PreparedDocument(document, hash: key.hash, in: documents) { _ in nil }
        }
        return PreparedDocument(document, hash: key.hash, in: documents) { [schema, costs] operation in
            CostTreeBuilder(schema, costs, document, limits).build(operation)
        }
    }

    /// Refuses an operation that costs too much with these variables.
    func checkCost(
        of operation: PreparedOperation,
        in document: PreparedDocument,
        _ variables: VariableValues
    ) throws(RequestFailure) -> OperationCost? {
        if operation.isConstant, let known = operation.knownCost { return known }
        guard let tree = operation.cost else { return nil }
        do throws(GraphQLError) {
            let cost = try tree.cost(variables, assumedListSize: options.limits.assumedListSize)
            if let error = options.limits.violation(of: cost, operation.node, in: document.document) { throw error }
            if operation.isConstant { operation.keep(cost) }
            return cost
        } catch {
            throw RequestFailure(.invalidRequest, [error])
        }
    }
}

extension OperationLimits {
    fileprivate func violation(
        of cost: OperationCost,
        _ operation: Document.Index,
        in document: Document
    ) -> GraphQLError? {
        let isDear = cost.points > points
        guard isDear || cost.nodes > nodes else { return nil }
        let (actual, limit) = isDear ? (cost.points, points) : (cost.nodes, nodes)
        return .exceeding(
            .tooComplex,
            isDear ? "costs \(actual.javaScriptText) points" : "asks for \(actual.javaScriptText) objects",
            actual: .float(actual),
            limit: .float(limit),
            of: operation,
            in: document
        )
    }
}
