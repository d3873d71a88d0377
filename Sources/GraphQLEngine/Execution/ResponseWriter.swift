import GraphQLSchema

/// Writes the data of a settled run, each byte once.
struct ResponseWriter {
    private let plan: Plan
    private let storedFields: UnsafeBufferPointer<StoredFields.Field>
    private let keys: UnsafeRawBufferPointer

    static func write(_ run: SelectionRun, row: Int = 0, of plan: Plan, to buffer: inout ResponseBuffer) {
        with(plan) { $0.write(row: row, of: run, to: &buffer) }
    }

    /// Writes the first items of a list that comes later than the list's field.
    static func write(
        items: Int,
        ofList list: Int,
        _ answer: FieldAnswer,
        of plan: Plan,
        to buffer: inout ResponseBuffer
    ) {
        let start = Int(answer.column.lists[0].bounds[list])
        with(plan) { writer in
            buffer.write(byte: UInt8(ascii: "["))
            for position in start..<(start + items) {
                if position > start { buffer.write(byte: UInt8(ascii: ",")) }
                writer.write(answer.column.lists[0].cells[position], level: 1, answer, to: &buffer)
            }
            buffer.write(byte: UInt8(ascii: "]"))
        }
    }

    private static func with(_ plan: Plan, _ write: (ResponseWriter) -> Void) {
        plan.keys.withUnsafeBytes { keys in
            plan.storedFields.withUnsafeBufferPointer { storedFields in
                write(ResponseWriter(plan: plan, storedFields: storedFields, keys: keys))
            }
        }
    }

    private func write(row: Int, of run: SelectionRun, to buffer: inout ResponseBuffer) {
        if run.isNulled(row) { return buffer.writeNull() }
        buffer.write(byte: UInt8(ascii: "{"))
        for entry in run.selection.entries {
            switch entry {
            case .stored(let range):
                let fields = StoredFields(fields: UnsafeBufferPointer(rebasing: storedFields[range]), keys: keys)
                run.column.write(fields, ofRows: row..<(row + 1), to: &buffer)
            case .typeName(let range):
                buffer.write(raw: UnsafeRawBufferPointer(rebasing: keys[range]))
            case .step(let index):
                let step = run.selection.steps[index]
                buffer.write(raw: UnsafeRawBufferPointer(rebasing: keys[step.key]))
                let start = buffer.count
                if !writeLeaf(index, row: row, of: run, to: &buffer) {
                    write(run.answers[index].column.cells[row], level: 0, run.answers[index], to: &buffer)
                }
                if step.isMetaField, plan.isConstant, !run.answers[index].column.isRendered,
                    step.children?.holdsLater != true
                {
                    plan.keep(buffer.bytes(from: start), of: step)
                }
            }
        }
        buffer.write(byte: UInt8(ascii: "}"))
    }

    /// Writes a step's leaf, if it answered leaves that are in no lists; says whether it did. The answer is not copied for it.
    private func writeLeaf(_ step: Int, row: Int, of run: SelectionRun, to buffer: inout ResponseBuffer) -> Bool {
        guard case .leaves(let leaves) = run.answers[step].column.values, run.answers[step].column.lists.isEmpty,
            let index = run.answers[step].column.cells[row].index
        else { return false }
        leaves.write(index, to: &buffer)
        return true
    }

    private func write(
        _ cell: FieldColumn.Cell,
        level: Int,
        _ answer: FieldAnswer,
        to buffer: inout ResponseBuffer
    ) {
        guard let index = cell.index else { return buffer.writeNull() }
        guard level == answer.column.lists.count else {
            return write(list: index, level: level, answer, to: &buffer)
        }
        switch answer.column.values {
        case .leaves(let leaves): leaves.write(index, to: &buffer)
        case .rendered(let bytes): buffer.write(raw: bytes)
        case .objects(_, let indices):
            let place = indices[index]
            write(row: Int(place.row), of: answer.runs[Int(place.partition)], to: &buffer)
        }
    }

    private func write(list: Int, level: Int, _ answer: FieldAnswer, to buffer: inout ResponseBuffer) {
        let cells = answer.column.lists[level].cells
        let bounds = answer.column.lists[level].bounds
        let range = Int(bounds[list])..<Int(bounds[list + 1])
        buffer.write(byte: UInt8(ascii: "["))
        if writeObjects(range, level: level, answer, to: &buffer) {
            // Nothing is left to do.
        } else if level + 1 == answer.column.lists.count, case .objects(_, let indices) = answer.column.values {
            // The longest loop there is, so what all elements share is looked at before it.
            for position in range {
                if position > range.lowerBound { buffer.write(byte: UInt8(ascii: ",")) }
                if let index = cells[position].index {
                    write(row: Int(indices[index].row), of: answer.runs[Int(indices[index].partition)], to: &buffer)
                } else {
                    buffer.writeNull()
                }
            }
        } else {
            for position in range {
                if position > range.lowerBound { buffer.write(byte: UInt8(ascii: ",")) }
                write(cells[position], level: level + 1, answer, to: &buffer)
            }
        }
        buffer.write(byte: UInt8(ascii: "]"))
    }

    /// Writes the objects of a list by one call, if they have one type and nothing but stored fields; says whether it did.
    private func writeObjects(
        _ range: Range<Int>,
        level: Int,
        _ answer: FieldAnswer,
        to buffer: inout ResponseBuffer
    ) -> Bool {
        guard level + 1 == answer.column.lists.count, !answer.column.mayHoldNulls, answer.runs.count == 1,
            let first = range.first, case .objects(_, let indices) = answer.column.values,
            let run = answer.runs.first, run.nulledRows.isEmpty, run.selection.entries.count == 1,
            case .stored(let stored) = run.selection.entries[0],
            let index = answer.column.lists[level].cells[first].index
        else { return false }
        let fields = StoredFields(
            fields: UnsafeBufferPointer(rebasing: storedFields[stored]),
            keys: keys,
            areObjects: true
        )
        // Values of one type lie in the order of their cells.
        let row = Int(indices[index].row)
        run.column.write(fields, ofRows: row..<(row + range.count), to: &buffer)
        return true
    }
}
