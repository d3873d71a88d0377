import GraphQLLanguage
public import GraphQLSchema

/// What an operation would be estimated to cost if it ran, for people who are still writing it.
public struct CostEstimate: Sendable {
    /// Nil where the engine counts nothing, and where its arguments cannot be counted.
    public let cost: OperationCost?
    /// What an operation may be estimated to cost.
    public let limit: OperationCost
    /// What is wrong with the variables, which may not be written yet; the others count.
    public let errors: [GraphQLError]

    /// As `extensions.cost` shows it, with `errors` where there are some.
    public var value: Value {
        var members = [Value.Field("estimate", cost?.value ?? .null), Value.Field("limit", limit.value)]
        if !errors.isEmpty { members.append(Value.Field("errors", .list(errors.map { .string($0.message) }))) }
        return .object(members)
    }
}

extension Engine {
    /// Estimates what `execute` would, by the same count, and runs nothing.
    public func estimate(_ request: PreparedRequest) -> CostEstimate {
        let limit = OperationCost(points: options.limits.points, nodes: options.limits.nodes)
        let (variables, errors) = request.view.schema.coercedVariables(
            request.variables,
            of: request.operation.node,
            in: request.document.document
        )
        do throws(GraphQLError) {
            let cost = try request.operation.cost?.cost(variables, assumedListSize: options.limits.assumedListSize)
            return CostEstimate(cost: cost, limit: limit, errors: errors)
        } catch {
            return CostEstimate(cost: nil, limit: limit, errors: errors + [error])
        }
    }
}
