import GraphQLLanguage
import GraphQLSchema

/// Runs a plan: each selection as soon as its own parents are there, each resolver once for all of them.
///
/// https://spec.graphql.org/September2025/#sec-Execution, breadth first within a selection. Siblings that wait do not
/// hold each other up; what does not suspend runs as plain calls, one after the other.
struct Executor: Sendable {
    /// What all events of a subscription share. One object, because each asynchronous function on the way holds an executor.
    private let request: ExecutedRequest
    var context: ExecutionContext
    var observation: Observation?
    /// The root field of a subscription's event, whose guards are asked before the event is executed.
    var admittedStep: Step?

    init(_ request: ExecutedRequest, in context: ExecutionContext, _ observation: Observation?) {
        self.request = request
        self.context = context
        self.observation = observation
    }

    var plan: Plan { request.plan }
    var schema: PlannableSchema { request.schema }
    var introspected: IntrospectedSchema { request.introspected }
    var variables: VariableValues { request.variables }
    var arguments: PlannedArguments { request.arguments }

    /// Runs the plan's operation on its root value.
    ///
    /// - Parameter onError: `HALT` ends a mutation at the first of its fields that fails.
    func run(on root: ObjectColumn, _ onError: ErrorBehavior = .propagate) async -> SelectionRun {
        let run = SelectionRun(plan.root, root, origin: nil)
        if plan.operationType == .mutation {
            for step in plan.root.steps.indices {
                run.answers.append(await answer(step, of: run))
                if onError == .halt, run.hasFailed(step) { break }
            }
        } else {
            await answerAll(run)
        }
        return run
    }

    /// Runs what is selected on one event of a subscription, which is the answer of its only root field.
    func run(on root: ObjectColumn, event: FieldColumn) async -> SelectionRun {
        let run = SelectionRun(plan.root, root, origin: nil)
        run.answers.append(await complete(event, step: 0, of: run))
        return run
    }

    /// Runs all steps of a selection on its parents.
    func answerAll(_ run: SelectionRun) async {
        let count = run.selection.steps.count
        guard count > 1 else {
            if count == 1 { run.answers = [await answer(0, of: run)] }
            return
        }
        await answerSideBySide(run)
    }

    /// Apart, because its frame holds a group of tasks, which most selections do without.
    @inline(never)
    private func answerSideBySide(_ run: SelectionRun) async {
        let count = run.selection.steps.count
        let handed = Handed(run)
        run.answers = await withTaskGroup(of: (Int, Handed<FieldAnswer>).self) { group in
            // The tasks start at once, in order, on this thread: one that does not suspend is done when the next begins.
            for step in 0..<(count - 1) {
                group.addImmediateTask { (step, Handed(await answer(step, of: handed.value))) }
            }
            let last = await answer(count - 1, of: handed.value)
            var answers = [FieldAnswer?](repeating: nil, count: count - 1)
            for await (step, answer) in group { answers[step] = answer.value }
            return Handed(answers.compactMap { $0 } + [last])
        }.value
    }

    private func answer(_ index: Int, of run: SelectionRun) async -> FieldAnswer {
        let step = run.selection.steps[index]
        let column: FieldColumn
        if let trace = observation?.trace {
            column = await traced(step, of: run, trace)
        } else {
            column = await resolved(step, of: run)
        }
        // Leaves are complete as they are.
        if step.children == nil, step.stream == nil { return FieldAnswer(column: column) }
        return await complete(column, step: index, of: run)
    }

    private func resolved(_ step: Step, of run: SelectionRun) async -> FieldColumn {
        do {
            try Task.checkCancellation()
            return try await resolve(step, of: run.column)
        } catch {
            return FieldColumn(error: error, count: run.column.count)
        }
    }

    @inline(never)
    private func traced(_ step: Step, of run: SelectionRun, _ trace: ExecutionTrace) async -> FieldColumn {
        let start = trace.now
        let column = await LoadingContext.$traced.withValue(context.loading) { await resolved(step, of: run) }
        trace.note(step, of: run, column, coordinate: schema.coordinate(of: step), since: start)
        return column
    }

    /// Runs what is selected on a field's values.
    func complete(_ column: FieldColumn, step index: Int, of run: SelectionRun) async -> FieldAnswer {
        var answer = FieldAnswer(column: column)
        if run.selection.steps[index].stream != nil {
            answer.split(at: arguments.initialCount(of: run.selection.steps[index]))
        }
        guard case .objects(let columns, _) = answer.column.values, let children = run.selection.steps[index].children
        else {
            return answer
        }
        for (partition, column) in columns.enumerated() {
            guard let type = schema.schema.type(named: column.typeName), let selection = children.selections[type]
            else { preconditionFailure("\(column.typeName) is no possible type of its field") }
            let origin = SelectionRun.Origin(run: run, step: index, partition: partition)
            answer.runs.append(SelectionRun(selection, column, origin: origin))
        }
        let runs = answer.runs.filter { $0.column.count > 0 && !$0.selection.steps.isEmpty }
        if runs.count <= 1 {
            for run in runs { await answerAll(run) }
        } else {
            await withDiscardingTaskGroup { group in
                for run in runs {
                    let handed = Handed(run)
                    group.addImmediateTask { await answerAll(handed.value) }
                }
            }
        }
        return answer
    }
}

/// What of a request is the same for all that is executed of it.
final class ExecutedRequest: Sendable {
    let plan: Plan
    let schema: PlannableSchema
    let introspected: IntrospectedSchema
    let variables: VariableValues
    let arguments: PlannedArguments

    init(
        plan: Plan,
        schema: PlannableSchema,
        introspected: IntrospectedSchema,
        variables: VariableValues,
        arguments: PlannedArguments
    ) {
        self.plan = plan
        self.schema = schema
        self.introspected = introspected
        self.variables = variables
        self.arguments = arguments
    }
}

/// Something of a request that is handed to one of its child tasks, or back.
///
/// Unchecked because the compiler cannot see the rule that makes it safe: a run is written by the task that answers
/// it, which its parent awaits before it reads.
struct Handed<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

/// A resolver that broke its contract.
enum ResolverFault: Error, CustomStringConvertible {
    case wrongCount(coordinate: String, answered: Int, asked: Int)
    case refusedNobody(coordinate: String, position: Int)

    var description: String {
        switch self {
        case .wrongCount(let coordinate, let answered, let asked):
            "the resolver of \(coordinate) answered \(answered) results for \(asked) parents"
        case .refusedNobody(let coordinate, let position):
            "a guard of \(coordinate) refused parent \(position), of whom it was not asked"
        }
    }
}
