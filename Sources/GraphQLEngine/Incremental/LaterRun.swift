import GraphQLSchema

/// A batch of parts that come later, being executed.
final class LaterRun {
    let run: SelectionRun
    private let batch: LaterBatch
    /// What is executed, in the order of the run's rows.
    private let parts: [LaterPart]

    init(_ batch: LaterBatch, _ parts: [LaterPart]) {
        self.batch = batch
        self.parts = parts
        let rows = parts.map(\.row)
        switch batch.kind {
        case .group(let group):
            let isWhole = rows.count == batch.run.column.count && zip(rows, rows.indices).allSatisfy(==)
            run = SelectionRun(
                group.selection,
                isWhole ? batch.run.column : batch.run.column.gathering(rows),
                origin: nil,
                base: SelectionRun.Base(batch.run, root: batch.root, rows: rows, itemOffset: 0)
            )
        case .stream(let step, let rest):
            guard let stream = batch.run.selection.steps[step].stream else {
                preconditionFailure("a list that comes later is streamed")
            }
            run = SelectionRun(
                stream.items,
                ObjectColumn(count: rows.count),
                origin: nil,
                base: SelectionRun.Base(batch.run, root: batch.root, rows: rows, itemOffset: rest.itemOffset)
            )
        }
    }

    /// Whether the run is of items whose field was called for an earlier part.
    var isRestOfList: Bool { if case .stream = batch.kind { true } else { false } }

    func run(by executor: Executor) async {
        switch batch.kind {
        case .group: await executor.answerAll(run)
        case .stream(_, let rest):
            let lists = parts.compactMap { part in if case .list(let list) = part { list.list } else { nil } }
            run.answers = [await executor.complete(rest.column.gathering(lists), step: 0, of: run)]
        }
    }

    /// What came of each part of the run, which is settled.
    func outcomes(_ errors: [Settling.FoundError], _ plan: Plan, _ onError: ErrorBehavior) -> [LaterOutcome] {
        var collector = LaterPartCollector(run)
        var errors = errors[...]
        return parts.enumerated().map { row, part in
            let end = errors.firstIndex { $0.row != row } ?? errors.endIndex
            defer { errors = errors[end...] }
            switch part {
            case .group(let group):
                return outcome(of: group, row, errors[..<end].map(\.error), plan, onError, &collector)
            case .list(let list):
                return outcome(of: list, row, errors[..<end], plan, onError, &collector)
            }
        }
    }

    private func outcome(
        of group: DeferredGroup,
        _ row: Int,
        _ errors: [GraphQLError],
        _ plan: Plan,
        _ onError: ErrorBehavior,
        _ collector: inout LaterPartCollector
    ) -> LaterOutcome {
        let number = group.number ?? 0
        guard !run.isNulled(row), errors.isEmpty || onError != .halt else {
            return LaterOutcome(
                number: number,
                kind: .failed(group, onError == .halt ? Array(errors.prefix(1)) : errors)
            )
        }
        var buffer = ResponseBuffer()
        buffer.write(raw: "\"data\":")
        ResponseWriter.write(run, row: row, of: plan, to: &buffer)
        buffer.write(following: errors)
        let result = GroupResult(group, members: buffer.bytes(), hasErrors: !errors.isEmpty)
        let parts = collector.parts(ofRow: row, known: group.known)
        return LaterOutcome(number: number, kind: .succeeded(result, parts))
    }

    private func outcome(
        of list: StreamedList,
        _ row: Int,
        _ errors: ArraySlice<Settling.FoundError>,
        _ plan: Plan,
        _ onError: ErrorBehavior,
        _ collector: inout LaterPartCollector
    ) -> LaterOutcome {
        let answer = run.answers[0]
        let range = Int(answer.column.lists[0].bounds[row])..<Int(answer.column.lists[0].bounds[row + 1])
        // A null where none may be ends the list: what comes before it is delivered.
        var end = range.upperBound
        if onError == .halt, let first = errors.first {
            end = range.lowerBound + first.order[1]
        } else if onError == .propagate, list.stream.items.steps[0].type.element.isNonNull {
            end = range.first { answer.column.lists[0].cells[$0].index == nil } ?? end
        }
        let count = end - range.lowerBound
        let before = errors.prefix { $0.order[1] < count }.map(\.error)
        let failure = errors.dropFirst(before.count).prefix(onError == .halt ? 1 : .max).map(\.error)
        guard count > 0 else {
            return LaterOutcome(number: list.number, kind: .items(list, nil, [], failure: failure))
        }
        var buffer = ResponseBuffer()
        buffer.write(raw: "\"items\":")
        ResponseWriter.write(items: count, ofList: row, answer, of: plan, to: &buffer)
        buffer.write(following: before)
        let entry = IncrementalPayload.Entry.items(
            list,
            members: buffer.bytes(),
            hasErrors: !before.isEmpty,
            index: run.base?.itemOffset ?? 0
        )
        let parts = collector.parts(ofList: row, items: count)
        return LaterOutcome(number: list.number, kind: .items(list, entry, parts, failure: failure))
    }
}

/// What came of one part.
struct LaterOutcome {
    /// The part's place among all that were started.
    let number: Int
    let kind: Kind

    enum Kind {
        case succeeded(GroupResult, [LaterPart])
        case failed(DeferredGroup, [GraphQLError])
        case items(StreamedList, IncrementalPayload.Entry?, [LaterPart], failure: [GraphQLError])
    }
}

extension LaterPart {
    /// The row of the run that the part goes on with.
    fileprivate var row: Int {
        switch self {
        case .group(let group): group.row
        case .list(let list): list.row
        }
    }
}

extension ResponseBuffer {
    /// A member `errors` behind another, if there are any.
    fileprivate mutating func write(following errors: [GraphQLError]) {
        guard !errors.isEmpty else { return }
        write(byte: UInt8(ascii: ","))
        write(errors: errors)
    }
}
