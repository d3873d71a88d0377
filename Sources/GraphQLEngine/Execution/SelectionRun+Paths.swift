import GraphQLSchema

/// Where the rows of a run stand in the response.
extension SelectionRun {
    /// The row of the outermost run that a row is below, and the way from there as numbers: places of fields in their
    /// selections, positions in lists.
    func place(ofRow row: Int) -> (row: Int, order: [Int]) {
        var order: [Int] = []
        var (run, row) = (self, row)
        while let origin = run.origin {
            let place = origin.run.places(ofStep: origin.step).place(ofRow: row, partition: origin.partition)
            order.append(contentsOf: place.positions.reversed())
            order.append(origin.run.selection.order(ofStep: origin.step))
            (run, row) = (origin.run, place.parent)
        }
        return (row, order.reversed())
    }

    /// The response path of a row, from the root of the response.
    func path(ofRow row: Int) -> [GraphQLError.PathElement] {
        var elements: [GraphQLError.PathElement] = []
        var (run, row) = (self, row)
        while true {
            if let origin = run.origin {
                var place = origin.run.places(ofStep: origin.step).place(ofRow: row, partition: origin.partition)
                if let base = origin.run.base, !place.positions.isEmpty { place.positions[0] += base.itemOffset }
                elements.append(contentsOf: place.positions.reversed().map { .index($0) })
                elements.append(.key(origin.run.selection.steps[origin.step].responseKey))
                (run, row) = (origin.run, place.parent)
            } else if let base = run.base {
                (run, row) = (base.run, base.rows[row])
            } else {
                return elements.reversed()
            }
        }
    }
}
