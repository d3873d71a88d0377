/// No input object has to contain itself: such a value would have no end.
///
/// https://spec.graphql.org/September2025/#sec-Input-Objects.Circular-References
struct InputCycleRule {
    private let schema: Schema
    private var visited: Set<TypeID> = []
    private var path: [InputValueDefinition] = []
    /// Where in the path a type's fields begin, for the types on it.
    private var positions: [TypeID: Int] = [:]

    init(_ schema: Schema) {
        self.schema = schema
    }

    /// Looks for cycles through a type, without recursion: a chain of types can be as long as the schema.
    mutating func check(_ root: TypeID, _ report: inout TypeSystemReport) {
        guard visited.insert(root).inserted else { return }
        var open: [(type: TypeID, next: Int)] = [(root, 0)]
        positions[root] = 0
        while let (type, next) = open.last {
            let fields = schema[type].inputFields
            guard next < fields.count else {
                positions[type] = nil
                open.removeLast()
                if !open.isEmpty { path.removeLast() }
                continue
            }
            open[open.count - 1].next += 1
            let field = fields[next]
            let fieldType = field.type.type
            guard field.type.isNonNull, !field.type.isList, schema[fieldType].kind == .inputObject else { continue }
            path.append(field)
            if let start = positions[fieldType] {
                reportCycle(of: fieldType, path[start...], &report)
            } else if visited.insert(fieldType).inserted {
                positions[fieldType] = path.count
                open.append((fieldType, 0))
                continue
            }
            path.removeLast()
        }
    }

    private func reportCycle(
        of type: TypeID,
        _ cycle: ArraySlice<InputValueDefinition>,
        _ report: inout TypeSystemReport
    ) {
        report.add(
            "Cannot reference Input Object \"\(schema[type].name)\" within itself through a series of non-null "
                + "fields: \"\(cycle.map(\.name).joined(separator: "."))\".",
            at: cycle.map(\.origin)
        )
    }
}
