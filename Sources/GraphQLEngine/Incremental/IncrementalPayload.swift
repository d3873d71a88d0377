import GraphQLSchema

/// How the parts of a response are written.
public enum IncrementalFormat: Sendable {
    /// `pending`, `incremental` with `id` and `subPath`, `completed`: https://github.com/graphql/graphql-spec/pull/1110
    case current
    /// `incremental` with `path` and `label`, as clients of the draft of 24 August 2022 read it.
    case of2022
}

/// What the client is told at one time.
struct IncrementalPayload {
    var pending: [PendingPart] = []
    var entries: [Entry] = []
    /// Parts that are complete, with the errors that ended them.
    var completed: [(part: PendingPart, errors: [GraphQLError])] = []

    enum Entry {
        /// - Parameter in: the fragment with which the group is delivered.
        case group(GroupResult, in: DeferredFragment)
        /// - Parameters:
        ///   - members: the members `items` and `errors` as they are written.
        ///   - index: the position of the first item in the list.
        case items(StreamedList, members: [UInt8], hasErrors: Bool, index: Int)
    }

    var hasErrors: Bool {
        completed.contains { !$0.errors.isEmpty }
            || entries.contains { entry in
                switch entry {
                case .group(let result, _): result.hasErrors
                case .items(_, _, let hasErrors, _): hasErrors
                }
            }
    }

    func isEmpty(as format: IncrementalFormat) -> Bool {
        switch format {
        case .current: entries.isEmpty && completed.isEmpty
        case .of2022: entries.isEmpty && completed.allSatisfy(\.errors.isEmpty)
        }
    }

    /// Writes the members that stand before `hasNext`.
    func write(as format: IncrementalFormat, to buffer: inout ResponseBuffer) {
        switch format {
        case .current:
            if !pending.isEmpty {
                Self.write(pending: pending, to: &buffer)
                buffer.write(byte: UInt8(ascii: ","))
            }
            if !entries.isEmpty {
                buffer.write(list: "\"incremental\":", entries) { $0.write(to: &$1) }
                buffer.write(byte: UInt8(ascii: ","))
            }
            if !completed.isEmpty {
                buffer.write(list: "\"completed\":", completed) { Self.write(completed: $0.part, $0.errors, to: &$1) }
                buffer.write(byte: UInt8(ascii: ","))
            }
        case .of2022:
            let failed = completed.filter { !$0.errors.isEmpty }
            if !entries.isEmpty || !failed.isEmpty {
                buffer.write(raw: "\"incremental\":[")
                var isFirst = true
                for entry in entries {
                    if !isFirst { buffer.write(byte: UInt8(ascii: ",")) }
                    isFirst = false
                    entry.writeOf2022(to: &buffer)
                }
                for (part, errors) in failed {
                    if !isFirst { buffer.write(byte: UInt8(ascii: ",")) }
                    isFirst = false
                    buffer.write(raw: part is StreamedList ? "{\"items\":null," : "{\"data\":null,")
                    buffer.write(errors: errors)
                    part.writePathAndLabel(to: &buffer)
                    buffer.write(byte: UInt8(ascii: "}"))
                }
                buffer.write(raw: "],")
            }
        }
    }

    /// `"pending":[…]`
    static func write(pending: [PendingPart], to buffer: inout ResponseBuffer) {
        buffer.write(list: "\"pending\":", pending) { part, buffer in
            buffer.write(raw: "{\"id\":")
            buffer.write(id: part)
            part.writePathAndLabel(to: &buffer)
            buffer.write(byte: UInt8(ascii: "}"))
        }
    }

    private static func write(completed part: PendingPart, _ errors: [GraphQLError], to buffer: inout ResponseBuffer) {
        buffer.write(raw: "{\"id\":")
        buffer.write(id: part)
        if !errors.isEmpty {
            buffer.write(byte: UInt8(ascii: ","))
            buffer.write(errors: errors)
        }
        buffer.write(byte: UInt8(ascii: "}"))
    }
}

extension IncrementalPayload.Entry {
    func write(to buffer: inout ResponseBuffer) {
        buffer.write(byte: UInt8(ascii: "{"))
        switch self {
        case .group(let result, let fragment):
            let closest = result.group.closestFragment(fragment)
            buffer.write(raw: result.members)
            buffer.write(raw: ",\"id\":")
            buffer.write(id: closest)
            let path = result.group.path.dropFirst(closest.path.count)
            if !path.isEmpty { buffer.write(path: "subPath", path) }
        case .items(let list, let members, _, _):
            buffer.write(raw: members)
            buffer.write(raw: ",\"id\":")
            buffer.write(id: list)
        }
        buffer.write(byte: UInt8(ascii: "}"))
    }

    func writeOf2022(to buffer: inout ResponseBuffer) {
        buffer.write(byte: UInt8(ascii: "{"))
        switch self {
        case .group(let result, let fragment):
            buffer.write(raw: result.members)
            buffer.write(path: "path", result.group.path[...])
            fragment.writeLabel(to: &buffer)
        case .items(let list, let members, _, let index):
            buffer.write(raw: members)
            buffer.write(path: "path", (list.path + [.index(index)])[...])
            list.writeLabel(to: &buffer)
        }
        buffer.write(byte: UInt8(ascii: "}"))
    }
}

extension DeferredGroup {
    fileprivate var path: [GraphQLError.PathElement] { batch.run.path(ofRow: row) }

    /// Of the fragments the client knows the one that is closest to the group: its path need not be repeated.
    fileprivate func closestFragment(_ first: DeferredFragment) -> DeferredFragment {
        var closest = first
        for fragment in fragments where fragment.id != nil && fragment.path.count > closest.path.count {
            closest = fragment
        }
        return closest
    }
}

extension PendingPart {
    fileprivate func writePathAndLabel(to buffer: inout ResponseBuffer) {
        buffer.write(path: "path", path[...])
        writeLabel(to: &buffer)
    }

    fileprivate func writeLabel(to buffer: inout ResponseBuffer) {
        guard let label else { return }
        buffer.write(raw: ",\"label\":")
        buffer.write(label)
    }
}

extension ResponseBuffer {
    fileprivate mutating func write(id part: PendingPart) {
        guard let id = part.id else { preconditionFailure("the client knows of every part that is written") }
        write(byte: UInt8(ascii: "\""))
        write(id)
        write(byte: UInt8(ascii: "\""))
    }

    /// A member with a path, behind another.
    fileprivate mutating func write(path name: String, _ path: ArraySlice<GraphQLError.PathElement>) {
        write(byte: UInt8(ascii: ","))
        write(name)
        write(byte: UInt8(ascii: ":"))
        write(path: path)
    }

    /// A member with a list.
    fileprivate mutating func write<Element>(
        list key: StaticString,
        _ elements: [Element],
        _ writeElement: (Element, inout ResponseBuffer) -> Void
    ) {
        write(raw: key)
        write(byte: UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { write(byte: UInt8(ascii: ",")) }
            writeElement(element, &self)
        }
        write(byte: UInt8(ascii: "]"))
    }
}
