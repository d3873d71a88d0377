extension FieldColumn {
    /// The column of some of the parents, with a part of each one's outer list: how a list is delivered in parts.
    ///
    /// - Parameter items: which of the cells of a list stay, given where they lie.
    func gathering(_ parents: [Int], items: (Range<Int>) -> Range<Int> = { $0 }) -> FieldColumn {
        var gathered = self
        var kept: [Int] = []
        gathered.cells = Self.renumbered(parents.lazy.map { cells[$0] }, &kept)
        for level in lists.indices {
            var bounds: [Int32] = [0]
            var positions: [Int] = []
            for list in kept {
                let range = Int(lists[level].bounds[list])..<Int(lists[level].bounds[list + 1])
                positions.append(contentsOf: level == 0 ? items(range) : range)
                bounds.append(Int32(truncatingIfNeeded: positions.count))
            }
            kept = []
            gathered.lists[level].bounds = bounds
            gathered.lists[level].cells = Self.renumbered(positions.lazy.map { lists[level].cells[$0] }, &kept)
        }
        switch values {
        case .leaves(let leaves): gathered.values = .leaves(leaves.gathering(kept))
        case .rendered: break
        case .objects(let columns, let indices):
            var rows = [[Int]](repeating: [], count: columns.count)
            var renumbered: [CompositeIndex] = []
            for value in kept {
                let partition = Int(indices[value].partition)
                renumbered.append(
                    CompositeIndex(
                        partition: indices[value].partition,
                        row: Int32(truncatingIfNeeded: rows[partition].count)
                    )
                )
                rows[partition].append(Int(indices[value].row))
            }
            gathered.values = .objects(zip(columns, rows).map { $0.gathering($1) }, renumbered)
        }
        return gathered
    }

    /// Cells that count what they hold from 0 on again; appends what they held before.
    private static func renumbered(_ cells: some Sequence<Cell>, _ kept: inout [Int]) -> [Cell] {
        cells.map { cell in
            guard let index = cell.index else { return cell }
            kept.append(index)
            return .value(kept.count - 1)
        }
    }
}
