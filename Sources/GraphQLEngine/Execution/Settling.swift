import GraphQLLanguage
import GraphQLSchema

/// Finds the errors of a finished run, and lets nulls propagate, before anything is written.
///
/// https://spec.graphql.org/September2025/#sec-Handling-Execution-Errors
struct Settling {
    let plan: Plan
    let schema: PlannableSchema
    /// Whether a null where none may be takes its parent with it.
    let propagatesNulls: Bool
    private let present: (any Error) -> GraphQLError
    /// Only the first error is told.
    private let halts: Bool
    private let errorLimit: Int
    private var found: [FoundError] = []
    private var hasMoreErrors = false
    private var knownLocations: [FieldPlace: [SourceLocation]] = [:]

    init(_ plan: Plan, _ schema: PlannableSchema, _ onError: ErrorBehavior, _ options: EngineOptions) {
        self.plan = plan
        self.schema = schema
        propagatesNulls = onError == .propagate
        halts = onError == .halt
        present = options.present
        errorLimit = max(1, options.errorLimit)
    }

    mutating func settle(_ run: SelectionRun) {
        for step in run.answers.indices {
            for child in run.answers[step].runs { settle(child) }
            settle(step, of: run)
        }
        for check in run.selection.checks { settle(check, of: run) }
    }

    /// Stored fields whose values may have no JSON form.
    private mutating func settle(_ check: Selection.Check, of run: SelectionRun) {
        for row in run.column.unrepresentableRows(check.field) {
            report(
                present(UnrepresentableValue()),
                nodes: check.nodes,
                Position(run: run, row: row, step: nil, level: 0, storedType: check.type),
                key: check.responseKey,
                order: check.order,
                []
            )
            if check.type.isNonNull, propagatesNulls { run.nullRow(row) }
        }
    }

    private mutating func settle(_ index: Int, of run: SelectionRun) {
        guard
            run.answers[index].column.mayHoldNulls
                || run.answers[index].runs.contains(where: { !$0.nulledRows.isEmpty })
        else { return }
        let answer = run.answers[index]
        var positions = [run.selection.steps[index].type]
        while let last = positions.last, last.isList { positions.append(last.element) }
        // Innermost first: what a list loses is known before the list is looked at.
        var nulledLists: [Bool] = []
        for level in stride(from: answer.column.lists.count, through: 0, by: -1) {
            nulledLists = settle(level: level, positions[level], index, of: run, nulled: nulledLists)
        }
        for (row, isNulled) in nulledLists.enumerated() where isNulled { run.nullRow(row) }
    }

    /// Settles the cells of one level, and says for each of its containers whether a null took it along.
    private mutating func settle(
        level: Int,
        _ type: TypeReference,
        _ index: Int,
        of run: SelectionRun,
        nulled: [Bool]
    ) -> [Bool] {
        let answer = run.answers[index]
        let cells = level == 0 ? answer.column.cells : answer.column.lists[level - 1].cells
        let containers = level == 0 ? cells.count : answer.column.lists[level - 1].bounds.count - 1
        var nulledContainers: [Bool] = []
        // An error of a whole batch is presented once, not for each of its parents.
        var presented: (index: Int, error: GraphQLError)?
        for container in 0..<containers {
            let range =
                level == 0
                ? container..<(container + 1)
                : Int(
                    answer.column.lists[level - 1].bounds[container]
                )..<Int(answer.column.lists[level - 1].bounds[container + 1])
            for position in range {
                let cell = cells[position]
                let isNull: Bool
                if let value = cell.index {
                    isNull =
                        level < answer.column.lists.count
                        ? !nulled.isEmpty && nulled[value] : isNulled(value: value, answer)
                    if isNull { setNull(level: level, position, index, of: run) }
                } else {
                    isNull = true
                    if let error = cell.error {
                        let shown =
                            presented.flatMap { $0.index == error ? $0.error : nil }
                            ?? present(answer.column.errors[error])
                        presented = (error, shown)
                        report(shown, index, position, level: level, of: run)
                        setNull(level: level, position, index, of: run)
                    } else if type.isNonNull {
                        let coordinate = schema.coordinate(of: run.selection.steps[index])
                        report(
                            GraphQLError("Cannot return null for non-nullable field \(coordinate)."),
                            index,
                            position,
                            level: level,
                            of: run
                        )
                    }
                }
                guard isNull, type.isNonNull, propagatesNulls else { continue }
                if nulledContainers.isEmpty { nulledContainers = Array(repeating: false, count: containers) }
                nulledContainers[container] = true
            }
        }
        return nulledContainers
    }

    private func setNull(level: Int, _ position: Int, _ index: Int, of run: SelectionRun) {
        // Places are counted in cells that hold something, so they are taken before the first one is emptied.
        _ = run.places(ofStep: index)
        run.answers[index].column.setNull(level: level, position)
    }

    private func isNulled(value: Int, _ answer: FieldAnswer) -> Bool {
        guard case .objects(_, let indices) = answer.column.values else { return false }
        return answer.runs[Int(indices[value].partition)].isNulled(Int(indices[value].row))
    }

    // MARK: Errors

    /// The errors in the order of the response. Below a position that a null took with it there is nothing left to say
    /// behind the error that did it: https://spec.graphql.org/September2025/#sec-Handling-Execution-Errors
    var errors: [GraphQLError] {
        if found.isEmpty { return [] }
        if halts { return placedErrors.prefix(1).map(\.error) }
        return placedErrors.map(\.error) + (hasMoreErrors ? [Self.moreErrors] : [])
    }

    private static let moreErrors = GraphQLError(
        "There are more errors than are listed.",
        extensions: ["code": .string("TOO_MANY_ERRORS")]
    )

    /// The same, with the places they stand at.
    var placedErrors: [FoundError] {
        var errors: [FoundError] = []
        var emptied: ArraySlice<Int>?
        var row: Int?
        for error in found.sorted(by: FoundError.precede) {
            if let emptied, error.row == row, error.order.starts(with: emptied) { continue }
            row = error.row
            emptied = error.order.prefix(error.emptiedDepth)
            errors.append(error)
        }
        return errors
    }

    /// An error and where it stands.
    struct FoundError {
        let error: GraphQLError
        /// The row of the outermost run that it is below.
        let row: Int
        /// The path from there as numbers: the place of a field in its selection, the position in a list.
        let order: [Int]
        /// How much of the path leads to the position that became null for it.
        let emptiedDepth: Int

        static func precede(_ left: FoundError, _ right: FoundError) -> Bool {
            left.row != right.row ? left.row < right.row : left.order.lexicographicallyPrecedes(right.order)
        }
    }

    private mutating func report(
        _ error: GraphQLError,
        _ step: Int,
        _ cell: Int,
        level: Int,
        of run: SelectionRun
    ) {
        let place = run.places(ofStep: step).place(ofCell: cell, level: level)
        let position = Position(run: run, row: place.parent, step: step, level: level)
        report(
            error,
            nodes: run.selection.steps[step].nodes,
            position,
            key: run.selection.steps[step].responseKey,
            order: run.selection.order(ofStep: step),
            place.positions
        )
    }

    private mutating func report(
        _ error: GraphQLError,
        nodes: [Document.Index],
        _ position: Position,
        key: String,
        order: Int,
        _ positions: [Int]
    ) {
        guard found.count < errorLimit else { return hasMoreErrors = true }
        let outer = position.run.place(ofRow: position.row)
        var error = error
        if error.locations.isEmpty {
            error.locations = locations(nodes, FieldPlace(selection: ObjectIdentifier(position.run.selection), order))
        }
        let offset = position.run.base?.itemOffset ?? 0
        error.path = position.run.path(ofRow: position.row) + [.key(key)]
        error.path += positions.enumerated().map { .index($0 == 0 ? $1 + offset : $1) }
        let order = outer.order + [order] + positions
        found.append(
            FoundError(
                error: error,
                row: outer.row,
                order: order,
                emptiedDepth: max(0, order.count - levelsEmptied(from: position))
            )
        )
    }

    /// Where the fields stand that were merged into one; looked up once, however many errors there are of it.
    private mutating func locations(_ nodes: [Document.Index], _ place: FieldPlace) -> [SourceLocation] {
        if let known = knownLocations[place] { return known }
        let locations = nodes.prefix(Self.mostLocations).map(plan.document.location(of:))
        knownLocations[place] = locations
        return locations
    }

    /// A document can name a field thousands of times in one place, and all of its values can fail.
    private static let mostLocations = 20

    private struct FieldPlace: Hashable {
        let selection: ObjectIdentifier
        let order: Int

        init(selection: ObjectIdentifier, _ order: Int) {
            self.selection = selection
            self.order = order
        }
    }

    /// A field's cell of some level of lists, in a row of a run.
    private struct Position {
        let run: SelectionRun
        let row: Int
        /// The step, or nil for a stored field.
        let step: Int?
        let level: Int
        /// The type of a stored field.
        var storedType: TypeReference?
    }

    /// How many positions outwards a null at a position goes, until one may be null.
    private func levelsEmptied(from position: Position) -> Int {
        guard propagatesNulls else { return 0 }
        var (run, step, level) = (position.run, position.step, position.level)
        var count = 0
        if let stored = position.storedType {
            guard stored.isNonNull else { return 0 }
            count += 1
        }
        while true {
            if let step {
                var type = run.selection.steps[step].type
                var types = [type]
                while type.isList {
                    type = type.element
                    types.append(type)
                }
                for outer in stride(from: level, through: 0, by: -1) {
                    guard types[outer].isNonNull else { return count }
                    count += 1
                }
            }
            // The object the field is of goes too; it stands in a cell of the answer it came from.
            guard let origin = run.origin else { return count }
            step = origin.step
            level = Int(origin.run.selection.steps[origin.step].type.listDepth)
            run = origin.run
        }
    }
}
