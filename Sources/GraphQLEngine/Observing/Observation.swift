import GraphQLLanguage
import GraphQLSchema
import Synchronization

/// Which members an engine adds to `extensions` of its answers. Nothing, as it stands.
public struct ResponseExtensions: Sendable {
    /// `extensions.cost`: what an operation was estimated to cost, and what it did cost.
    public var cost = false
    /// `extensions.trace` for requests that ask for it, with the cost. It names fields, loaders and statements: for development.
    public var trace = false

    public init() {}
}

/// What is noted of one request on its way, for the `extensions` of its answer. Most requests have none.
final class Observation: Sendable {
    let estimate: OperationCost?
    let variables: VariableValues
    let showsCost: Bool
    /// Whether the context is told what it did cost.
    let isSettled: Bool
    let trace: ExecutionTrace?
    private let actual = Mutex(OperationCost(points: 0, nodes: 0))

    init(
        estimate: OperationCost?,
        variables: VariableValues,
        showsCost: Bool,
        isSettled: Bool,
        trace: ExecutionTrace?
    ) {
        self.estimate = estimate
        self.variables = variables
        self.showsCost = showsCost
        self.isSettled = isSettled
        self.trace = trace
    }

    /// Counts what a part of the answer cost.
    func add(_ cost: OperationCost) {
        actual.withLock { actual in
            actual.points += cost.points
            actual.nodes += cost.nodes
        }
    }

    /// What all parts cost; the next event of a subscription begins anew.
    func takeActualCost() -> OperationCost {
        actual.withLock { actual in
            defer { actual = OperationCost(points: 0, nodes: 0) }
            return actual
        }
    }
}

extension Engine {
    /// What is to be noted of a request; nil for nothing.
    func observation(
        of request: PreparedRequest,
        _ estimate: OperationCost?,
        _ variables: VariableValues,
        in context: ExecutionContext
    ) -> Observation? {
        let traces = options.extensions.trace && request.asksForTrace
        let isSettled = request.operationType != .subscription && context.settles(estimate)
        guard options.extensions.cost || traces || isSettled else { return nil }
        return Observation(
            estimate: estimate,
            variables: variables,
            showsCost: options.extensions.cost || traces,
            isSettled: isSettled,
            trace: traces ? ExecutionTrace(context.loading) : nil
        )
    }

    /// Notes what a finished run cost.
    ///
    /// - Parameter isRestOfList: whether the run is of items whose field was called before.
    func note(_ run: SelectionRun, isRestOfList: Bool = false, of executor: Executor) {
        guard let observation = executor.observation, observation.showsCost || observation.isSettled else { return }
        var count = ActualCost(executor.plan, schema, costs, options.limits, observation.variables)
        count.add(run, isRestOfList: isRestOfList)
        observation.add(count.sum)
    }

    /// `,"extensions":{…}` of an answer that is complete.
    func write(extensionsOf executor: Executor, to buffer: inout ResponseBuffer) {
        let actual = executor.observation?.takeActualCost()
        if let actual, executor.observation?.isSettled ?? false { executor.context.settle(actual) }
        var members = executor.context.extensions
        if let observation = executor.observation {
            if let actual, observation.showsCost {
                members.append(Value.Field("cost", cost(observation.estimate, actual)))
            }
            if let trace = observation.trace { members.append(Value.Field("trace", trace.take())) }
        }
        if members.isEmpty { return }
        buffer.write(raw: ",\"extensions\":")
        buffer.write(Value.object(members))
    }

    private func cost(_ estimate: OperationCost?, _ actual: OperationCost) -> Value {
        let limits = OperationCost(points: options.limits.points, nodes: options.limits.nodes)
        return .object([
            Value.Field("estimate", estimate?.value ?? .null),
            Value.Field("actual", actual.value),
            Value.Field("limit", limits.value),
        ])
    }
}

extension OperationCost {
    /// As `extensions.cost` shows it; a limit that is none is null.
    var value: Value {
        .object([
            Value.Field("points", points.isFinite ? .float(points) : .null),
            Value.Field("nodes", nodes.isFinite ? .float(nodes) : .null),
        ])
    }
}
