import GraphQLSchema

/// One selection running on one column: its answers, field by field, and in the end the rows that became null.
///
/// Each run is filled by one task and read when that task is done; no two tasks ever hold the same one.
final class SelectionRun {
    let selection: Selection
    let column: ObjectColumn
    /// The answer whose values are this run's rows; nil for the root.
    let origin: Origin?
    /// Where the run goes on, if it is of a part that comes later.
    let base: Base?
    /// The answers of the selection's steps.
    @exclusivity(unchecked) var answers: [FieldAnswer] = []
    /// The rows that a null took with it; empty as long as there are none.
    @exclusivity(unchecked) var nulledRows: [Bool] = []

    init(_ selection: Selection, _ column: ObjectColumn, origin: Origin?, base: Base? = nil) {
        self.selection = selection
        self.column = column
        self.origin = origin
        self.base = base
    }

    struct Origin {
        unowned let run: SelectionRun
        /// The step of that run's selection.
        let step: Int
        /// Which of the answer's columns the rows are.
        let partition: Int
    }

    /// A run without an origin that goes on with rows of another, which is finished.
    final class Base {
        let run: SelectionRun
        /// Keeps the runs above `run` alive, which it does not.
        let root: SelectionRun
        /// For each row of the later run the row of `run` that it is.
        let rows: [Int]
        /// How many items of the list were delivered before, where the later run is of the rest of a list.
        let itemOffset: Int

        init(_ run: SelectionRun, root: SelectionRun, rows: [Int], itemOffset: Int) {
            self.run = run
            self.root = root
            self.rows = rows
            self.itemOffset = itemOffset
        }
    }

    /// Where each value of a step's answer stands in the response; made when the first error asks, and before any cell
    /// is emptied.
    func places(ofStep step: Int) -> ValuePlaces {
        if let places = knownPlaces[step] { return places }
        let places = ValuePlaces(answers[step].column)
        knownPlaces[step] = places
        return places
    }

    private var knownPlaces: [Int: ValuePlaces] = [:]

    /// What the run takes in the response, by a guess: growing a large buffer takes twice its memory.
    var expectedBytes: Int {
        var bytes = column.count * selection.expectedBytes
        for answer in answers {
            for run in answer.runs { bytes += run.expectedBytes }
        }
        return bytes
    }

    func nullRow(_ row: Int) {
        if nulledRows.isEmpty { nulledRows = Array(repeating: false, count: column.count) }
        nulledRows[row] = true
    }

    func isNulled(_ row: Int) -> Bool { !nulledRows.isEmpty && nulledRows[row] }
}

/// What a step answered: its column, and the runs of what is selected on its values, by concrete type.
struct FieldAnswer {
    var column: FieldColumn
    var runs: [SelectionRun] = []
    /// What of the lists comes later.
    var rest: StreamedRest?
}
