/// What is left of a streamed field's lists when the first items of each are delivered.
final class StreamedRest {
    /// The rows whose lists have more items.
    let rows: [Int]
    /// Their lists, one for each of these rows, without the first items.
    let column: FieldColumn
    let itemOffset: Int

    init(rows: [Int], column: FieldColumn, itemOffset: Int) {
        self.rows = rows
        self.column = column
        self.itemOffset = itemOffset
    }

    /// The number of a row's list, if it has more items.
    func list(ofRow row: Int) -> Int? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low] == row ? low : nil
    }
}

extension FieldAnswer {
    /// Leaves only the first items of each list; the others become the rest.
    mutating func split(at count: Int) {
        guard let lists = column.lists.first else { return }
        let rows = column.cells.indices.filter { row in
            guard let list = column.cells[row].index else { return false }
            return Int(lists.bounds[list + 1] - lists.bounds[list]) > count
        }
        guard !rows.isEmpty else { return }
        let whole = column
        column = whole.gathering(Array(whole.cells.indices)) { $0.prefix(count) }
        rest = StreamedRest(rows: rows, column: whole.gathering(rows) { $0.dropFirst(count) }, itemOffset: count)
    }
}
