import GraphQLSchema

/// Finds what comes later of the objects that a finished run answered, and that no null took along.
struct LaterPartCollector {
    private let root: SelectionRun
    private var groupBatches: [ObjectIdentifier: [LaterBatch]] = [:]
    private var listBatches: [ObjectIdentifier: LaterBatch] = [:]
    private var parts: [LaterPart] = []

    /// - Parameter root: a run without an origin, settled.
    init(_ root: SelectionRun) { self.root = root }

    /// What comes later of one row of the run, innermost first.
    ///
    /// - Parameter known: the fragments in which the row's selection stands.
    mutating func parts(ofRow row: Int, known: [Int: DeferredFragment]) -> [LaterPart] {
        parts = []
        collect(row, of: root, known)
        return parts
    }

    /// What comes later of the first items of a list that came later itself.
    mutating func parts(ofList list: Int, items: Int) -> [LaterPart] {
        parts = []
        let answer = root.answers[0]
        let start = Int(answer.column.lists[0].bounds[list])
        for position in start..<(start + items) {
            collect(answer.column.lists[0].cells[position], level: 1, answer, [:])
        }
        return parts
    }

    private mutating func collect(_ row: Int, of run: SelectionRun, _ outer: [Int: DeferredFragment]) {
        guard run.selection.holdsLater, !run.isNulled(row) else { return }
        var known = outer
        for usage in run.selection.deferral?.usages ?? [] {
            let parent = usage.parent.flatMap { known[$0.id] }
            known[usage.id] = DeferredFragment(usage, parent: parent, run, row: row, root: root)
        }
        for (index, step) in run.selection.steps.enumerated() {
            let answer = run.answers[index]
            if step.children?.holdsLater == true {
                collect(answer.column.cells[row], level: 0, answer, known)
            }
            if let stream = step.stream, let rest = answer.rest, answer.column.cells[row].index != nil,
                let list = rest.list(ofRow: row)
            {
                let batch = listBatch(rest, ofStep: index, of: run)
                parts.append(.list(StreamedList(stream, batch, row: row, list: list)))
            }
        }
        guard let groups = run.selection.deferral?.groups, !groups.isEmpty else { return }
        for (group, batch) in zip(groups, groupBatches(groups, of: run)) {
            let fragments = group.usages.compactMap { known[$0.id] }
            parts.append(.group(DeferredGroup(batch, row: row, fragments, known: known)))
        }
    }

    private mutating func collect(
        _ cell: FieldColumn.Cell,
        level: Int,
        _ answer: FieldAnswer,
        _ known: [Int: DeferredFragment]
    ) {
        guard let index = cell.index else { return }
        if level < answer.column.lists.count {
            let bounds = answer.column.lists[level].bounds
            for position in Int(bounds[index])..<Int(bounds[index + 1]) {
                collect(answer.column.lists[level].cells[position], level: level + 1, answer, known)
            }
        } else if case .objects(_, let indices) = answer.column.values {
            let place = indices[index]
            collect(Int(place.row), of: answer.runs[Int(place.partition)], known)
        }
    }

    private mutating func groupBatches(_ groups: [Deferral.Group], of run: SelectionRun) -> [LaterBatch] {
        if let known = groupBatches[ObjectIdentifier(run)] { return known }
        let batches = groups.map { LaterBatch(.group($0), run, root: root) }
        groupBatches[ObjectIdentifier(run)] = batches
        return batches
    }

    private mutating func listBatch(_ rest: StreamedRest, ofStep step: Int, of run: SelectionRun) -> LaterBatch {
        if let known = listBatches[ObjectIdentifier(rest)] { return known }
        let batch = LaterBatch(.stream(step: step, rest), run, root: root)
        listBatches[ObjectIdentifier(rest)] = batch
        return batch
    }
}
