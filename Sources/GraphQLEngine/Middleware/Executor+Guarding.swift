import GraphQLLanguage
import GraphQLSchema

extension Executor {
    /// Answers a field for all parents that its guards let through; the others get what they were refused with.
    func resolve(_ step: Step, of parents: ObjectColumn) async throws -> FieldColumn {
        if step.guards.isEmpty || step === admittedStep { return try await resolveUnguarded(step, of: parents) }
        return try await resolveGuarded(step, of: parents)
    }

    @inline(never)
    private func resolveGuarded(_ step: Step, of parents: ObjectColumn) async throws -> FieldColumn {
        let (admitted, refusals) = try await admit(step, parents)
        guard !refusals.isEmpty else { return try await resolveAdmitted(step, of: parents) }
        guard !admitted.isEmpty else {
            let nothing = FieldColumn(cells: [], lists: [], errors: [], mayHoldNulls: true, values: .objects([], []))
            return nothing.spreading(to: [], of: parents.count, refusals)
        }
        let answered = try await resolveAdmitted(step, of: parents.gathering(admitted))
        return answered.spreading(to: admitted, of: parents.count, refusals)
    }

    /// Asks the guards of a subscription's root field, when it begins and before each event.
    func admitSubscriber() async throws {
        let step = plan.root.steps[0]
        guard !step.guards.isEmpty else { return }
        let (_, refusals) = try await admit(step, ObjectColumn(count: 1))
        if let refusal = refusals[0] { throw refusal }
    }

    /// The rows that may be answered, and why the others may not. A guard sees only what those before it let through.
    private func admit(
        _ step: Step,
        _ parents: ObjectColumn
    ) async throws -> (admitted: [Int], refusals: [Int: any Error]) {
        let coordinate = schema.coordinate(of: step)
        var admitted = Array(0..<parents.count)
        var refusals: [Int: any Error] = [:]
        for fieldGuard in step.guards where !admitted.isEmpty {
            let batch = batch(step, fieldGuard, refusals.isEmpty ? parents : parents.gathering(admitted))
            guard case .refused(let refused) = try await fieldGuard.middleware.check(batch) else { continue }
            for (position, error) in refused {
                guard admitted.indices.contains(position) else {
                    throw ResolverFault.refusedNobody(coordinate: coordinate, position: position)
                }
                refusals[admitted[position]] = error
            }
            admitted.removeAll { refusals[$0] != nil }
        }
        return (admitted, refusals)
    }

    /// Answers a field; its guards hear of it when that fails.
    private func resolveAdmitted(_ step: Step, of parents: ObjectColumn) async throws -> FieldColumn {
        do { return try await resolveUnguarded(step, of: parents) } catch {
            for fieldGuard in step.guards {
                await fieldGuard.middleware.failed(batch(step, fieldGuard, parents), error)
            }
            throw error
        }
    }

    private func batch(_ step: Step, _ fieldGuard: FieldGuard, _ parents: ObjectColumn) -> GuardedBatch {
        GuardedBatch(
            coordinate: schema.coordinate(of: step),
            directive: fieldGuard.directive,
            arguments: .object(arguments.values(of: step)),
            context: context,
            isAlone: plan.root.entries.count == 1 && plan.root.steps.first === step,
            column: parents,
            applied: { try applied($0, to: step) }
        )
    }

    /// The arguments of a directive on a field of the document.
    private func applied(_ name: String, to step: Step) throws -> Value? {
        guard let definition = schema.schema.directive(named: name) else { return nil }
        let document = plan.document
        for node in step.nodes {
            for directive in document.children(of: node)
            where document[directive].kind == .directive && document.text(of: directive) == name {
                let arguments = definition.arguments
                return .object(
                    try schema.schema.coerceArguments(arguments, of: directive, in: document, variables: variables)
                )
            }
        }
        return nil
    }

    private func resolveUnguarded(_ step: Step, of parents: ObjectColumn) async throws -> FieldColumn {
        if step.isStored { return FieldColumn(stored: step.field, of: parents, checksValues: isFloat(step)) }
        let arguments = try arguments[step]
        let call = ResolverCall(arguments: arguments, context: context)
        let column =
            step.field < 0 ? introspect(step, arguments) : try await parents.resolver(step.field, call)()
        guard column.cells.count == parents.count else {
            throw ResolverFault.wrongCount(
                coordinate: schema.coordinate(of: step),
                answered: column.cells.count,
                asked: parents.count
            )
        }
        return column
    }

    private func isFloat(_ step: Step) -> Bool { schema.schema[step.type.type].name == "Float" }
}

extension FieldColumn {
    /// The column of more parents, of which some have no answer but an error.
    fileprivate func spreading(to rows: [Int], of count: Int, _ refusals: [Int: any Error]) -> FieldColumn {
        var spread = self
        spread.mayHoldNulls = true
        spread.cells = Array(repeating: .null, count: count)
        for (row, cell) in zip(rows, cells) { spread.cells[row] = cell }
        for (row, error) in refusals.sorted(by: { $0.key < $1.key }) {
            spread.cells[row] = .error(spread.errors.count)
            spread.errors.append(error)
        }
        return spread
    }

    /// A stored field as a column: what a guard has let through is read from the values when it is written.
    fileprivate init(stored field: Int, of parents: ObjectColumn, checksValues: Bool) {
        var collector = Collector()
        collector.cells = (0..<parents.count).map { .value($0) }
        if checksValues {
            for row in parents.unrepresentableRows(field) {
                collector.cells[row] = collector.add(UnrepresentableValue())
            }
        }
        var rows: [Int] = []
        for row in collector.cells.indices where collector.cells[row].index != nil {
            collector.cells[row] = .value(rows.count)
            rows.append(row)
        }
        self.init(
            cells: collector.cells,
            lists: [],
            errors: collector.errors,
            mayHoldNulls: collector.mayHoldNulls,
            values: .leaves(StoredLeaves(column: parents, field: Int32(truncatingIfNeeded: field), rows: rows))
        )
    }
}

/// The values of a stored field, in the values of its parents.
private struct StoredLeaves: LeafColumn {
    let column: ObjectColumn
    let field: Int32
    let rows: [Int]

    func gathering(_ indices: [Int]) -> any LeafColumn {
        StoredLeaves(column: column, field: field, rows: indices.map { rows[$0] })
    }

    func write(_ index: Int, to buffer: inout ResponseBuffer) {
        let field = StoredFields.Field(number: field, keyStart: 0, keyEnd: 0)
        withUnsafePointer(to: field) { pointer in
            let fields = StoredFields(
                fields: UnsafeBufferPointer(start: pointer, count: 1),
                keys: UnsafeRawBufferPointer(start: nil, count: 0)
            )
            column.write(fields, ofRows: rows[index]..<(rows[index] + 1), to: &buffer)
        }
    }
}
