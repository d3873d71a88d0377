import GraphQLSchema

/// Whether anything failed, asked before errors are looked for: `onError: HALT` begins nothing behind an error.
extension SelectionRun {
    /// Whether an error stands in the answer of a step, or anywhere below it.
    func hasFailed(_ step: Int) -> Bool {
        let (answer, type) = (answers[step], selection.steps[step].type)
        if answer.column.mayHoldNulls {
            var element = type
            for cells in [answer.column.cells] + answer.column.lists.map(\.cells) {
                let isRequired = element.isNonNull
                if cells.contains(where: { $0.error != nil || isRequired && $0.index == nil }) { return true }
                if element.isList { element = element.element }
            }
        }
        return answer.runs.contains(where: \.hasFailed)
    }

    private var hasFailed: Bool {
        answers.indices.contains(where: hasFailed(_:))
            || selection.checks.contains { !column.unrepresentableRows($0.field).isEmpty }
    }
}
