import GraphQLLanguage
import GraphQLSchema

/// What an operation did cost: the weights of ``OperationCost``, by the calls that were made and the objects that came.
///
/// It is read off the columns of the finished run, so that counting costs something per selection and nothing per row.
struct ActualCost {
    private let plan: Plan
    private let schema: PlannableSchema
    private let costs: SchemaCosts
    private let mutationWeight: Double
    private let variables: VariableValues
    private(set) var sum = OperationCost(points: 0, nodes: 0)

    init(
        _ plan: Plan,
        _ schema: PlannableSchema,
        _ costs: SchemaCosts,
        _ limits: OperationLimits,
        _ variables: VariableValues
    ) {
        self.plan = plan
        self.schema = schema
        self.costs = costs
        self.variables = variables
        mutationWeight = limits.mutationWeight
    }

    mutating func add(_ run: SelectionRun, isRestOfList: Bool = false) {
        let calls = isRestOfList ? 0 : Double(run.column.count)
        for case .stored(let range) in run.selection.entries {
            for field in plan.storedFields[range] where field.number != StoredFields.typeName {
                let cost = costs.field(Int(field.number), of: run.selection.type)
                sum.points += calls * (cost.weight ?? cost.typeWeight)
            }
        }
        for (step, answer) in zip(run.selection.steps, run.answers) where !step.isMetaField {
            let cost = costs.field(step.field, of: step.parentType)
            let isMutation = run.selection === plan.root && plan.operationType == .mutation
            let ownWeight = cost.weight ?? (isMutation ? mutationWeight : nil)
            let elements = Double(answer.column.valueCount)
            sum.points += calls * ((ownWeight ?? 0) + weight(ofArgumentsOf: step, cost))
            if step.type.isList || ownWeight == nil { sum.points += elements * cost.typeWeight }
            if cost.isComposite { sum.nodes += elements }
            for inner in answer.runs { add(inner) }
        }
    }

    private func weight(ofArgumentsOf step: Step, _ cost: SchemaCosts.Field) -> Double {
        cost.arguments.reduce(0) { sum, argument in
            let given = plan.document.literal(ofArgument: argument.name, step.nodes[0])
            guard let given else { return sum }
            let argument = CostTree.GivenArgument(argument: argument, literal: given)
            return sum + costs.weight(of: argument, variables, in: plan.document, schema.schema)
        }
    }
}

extension FieldColumn {
    /// How many values the column holds, over all lists.
    var valueCount: Int {
        if case .objects(let columns, _) = values { return columns.reduce(0) { $0 + $1.count } }
        return (lists.last?.cells ?? cells).count { $0.index != nil }
    }
}

extension Document {
    /// The value of an argument that a field or directive gives.
    func literal(ofArgument name: String, _ node: Document.Index) -> Document.Index? {
        children(of: node)
            .first { self[$0].kind == .argument && text(of: $0) == name }
            .flatMap(value(of:))
    }
}
