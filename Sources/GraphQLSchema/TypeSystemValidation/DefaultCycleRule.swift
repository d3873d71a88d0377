/// No default of an input field needs itself: such a value would have no end.
///
/// https://spec.graphql.org/September2025/#InputObjectDefaultValueHasCycle()
struct DefaultCycleRule {
    private struct Field: Hashable {
        let type: TypeID
        let position: Int
    }

    private let schema: Schema
    private var visited: Set<Field> = []

    static func check(_ schema: Schema, _ report: inout TypeSystemReport) {
        var rule = DefaultCycleRule(schema: schema)
        for index in schema.types.indices where schema.types[index].kind == .inputObject {
            for (position, field) in schema.types[index].inputFields.enumerated() where field.defaultValue != nil {
                rule.check(Field(type: TypeID(index), position: position), &report)
            }
        }
    }

    private init(schema: Schema) {
        self.schema = schema
    }

    /// Follows defaults to those they use, without recursion: a chain can be as long as the schema.
    private mutating func check(_ root: Field, _ report: inout TypeSystemReport) {
        guard visited.insert(root).inserted else { return }
        var open: [(field: Field, used: [Field], next: Int)] = [(root, fields(usedBy: root), 0)]
        var onPath: Set<Field> = [root]
        while let (field, used, next) = open.last {
            guard next < used.count else {
                onPath.remove(field)
                open.removeLast()
                continue
            }
            open[open.count - 1].next += 1
            if onPath.contains(used[next]) {
                reportCycle(open.map(\.field).drop { $0 != used[next] }, &report)
            } else if visited.insert(used[next]).inserted {
                onPath.insert(used[next])
                open.append((used[next], fields(usedBy: used[next]), 0))
            }
        }
    }

    private func reportCycle(_ cycle: ArraySlice<Field>, _ report: inout TypeSystemReport) {
        let names = cycle.map { "\(schema[$0.type].name).\(definition($0).name)" }
        let way = names.count > 1 ? " via the default values of: \(names.dropFirst().joined(separator: ", "))" : ""
        report.add(
            "Invalid circular reference. The default value of Input Object field \(names[0]) references itself\(way).",
            at: cycle.map { report.defaultValue(of: definition($0).origin) }
        )
    }

    private func definition(_ field: Field) -> InputValueDefinition {
        schema[field.type].inputFields[field.position]
    }

    /// The fields whose defaults are filled in where the default of a field leaves them out.
    private func fields(usedBy field: Field) -> [Field] {
        var used: Set<Field> = []
        var ordered: [Field] = []
        func collect(_ value: Value, _ type: TypeReference) {
            switch value {
            case .list(let values):
                guard type.isList else { return }
                for value in values { collect(value, type.element) }
            case .object(let given):
                let named = type.type
                let values = Dictionary(given.map { ($0.name, $0.value) }) { first, _ in first }
                for (position, field) in schema[named].inputFields.enumerated() {
                    if let value = values[field.name] {
                        collect(value, field.type)
                    } else if field.defaultValue != nil {
                        let field = Field(type: named, position: position)
                        if used.insert(field).inserted { ordered.append(field) }
                    }
                }
            default: return
            }
        }
        let definition = definition(field)
        if let value = definition.defaultValue { collect(value, definition.type) }
        return ordered
    }
}
