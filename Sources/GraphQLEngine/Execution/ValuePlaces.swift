import GraphQLSchema

/// Finds the way back from a value of a column to its parent and its positions in lists: what error paths are made of.
///
/// Values lie in the order of their cells, so the n-th cell that is not null or an error is the place of value n.
struct ValuePlaces {
    /// For each level of lists, outermost first, and at the end for the values: the cell that holds list or value n.
    private let cells: [[Int32]]
    /// For each level of lists: the list a cell of the next level is in is found among these bounds.
    private let bounds: [[Int32]]
    /// For each partition, the value that is its row n.
    private let values: [[Int32]]

    init(_ column: FieldColumn) {
        cells = ([column.cells] + column.lists.map(\.cells)).map { level in
            var filled: [Int32] = []
            for (position, cell) in level.enumerated() where cell.index != nil { filled.append(Int32(position)) }
            return filled
        }
        bounds = column.lists.map(\.bounds)
        guard case .objects(let columns, let indices) = column.values, columns.count > 1 else {
            values = []
            return
        }
        var values = [[Int32]](repeating: [], count: columns.count)
        for (value, index) in indices.enumerated() { values[Int(index.partition)].append(Int32(value)) }
        self.values = values
    }

    /// The parent row and the list positions of a row of a partition.
    func place(ofRow row: Int, partition: Int) -> (parent: Int, positions: [Int]) {
        let value = values.isEmpty ? row : Int(values[partition][row])
        return place(ofCell: Int(cells[cells.count - 1][value]), level: cells.count - 1)
    }

    /// The parent row and the list positions of a cell; level 0 holds the cells of the parents themselves.
    func place(ofCell cell: Int, level: Int) -> (parent: Int, positions: [Int]) {
        var cell = cell
        var positions: [Int] = []
        for outer in stride(from: level - 1, through: 0, by: -1) {
            let list = Self.list(of: cell, in: bounds[outer])
            positions.append(cell - Int(bounds[outer][list]))
            cell = Int(cells[outer][list])
        }
        return (cell, positions.reversed())
    }

    /// The list among whose bounds a cell lies.
    private static func list(of cell: Int, in bounds: [Int32]) -> Int {
        var low = 0
        var high = bounds.count - 1
        while low + 1 < high {
            let middle = (low + high) / 2
            if Int(bounds[middle]) <= cell { low = middle } else { high = middle }
        }
        return low
    }
}
