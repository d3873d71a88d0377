import GraphQLSchema

/// Finds generated structs that would hold themselves.
enum ValueCycles {
    static func faults(in model: SchemaModel, _ source: SchemaSource) -> [Diagnostic] {
        // What each type holds in itself; lists hold their elements elsewhere.
        var parts: [String: [(type: String, field: String)]] = [:]
        for object in model.objects where object.origin == .value {
            let definition = source.schema.type(named: object.name).map { source.schema[$0].fields } ?? []
            for field in object.fields where field.kind == .embedded && !definition[field.number].type.isList {
                let held = source.schema[definition[field.number].type.type].name
                parts[object.name, default: []].append((held, field.coordinate))
            }
        }
        for abstract in model.abstracts {
            parts[abstract.name] = abstract.members.map { ($0.name, abstract.name) }
        }
        var search = CycleSearch(parts: parts)
        for object in model.objects where object.origin == .value { search.visit(object.name) }
        return search.cycles.map { path in
            let field = path[0]
            let origin = source.schema.origin(ofField: field)
            let way = path.joined(separator: " → ")
            let message =
                "The generated structs would hold themselves (\(way)). Mark one of the fields @resolver, or give "
                + "one of the types a @model."
            return source.fault(at: origin, field, message)
        }
    }

    private struct CycleSearch {
        let parts: [String: [(type: String, field: String)]]
        var cycles: [[String]] = []
        private var done: Set<String> = []
        private var path: [(type: String, field: String)] = []

        init(parts: [String: [(type: String, field: String)]]) { self.parts = parts }

        mutating func visit(_ type: String) {
            if let start = path.firstIndex(where: { $0.type == type }) {
                cycles.append(path[start...].map(\.field))
                return
            }
            guard !done.contains(type) else { return }
            for part in parts[type] ?? [] {
                path.append((type, part.field))
                visit(part.type)
                path.removeLast()
            }
            done.insert(type)
        }
    }
}

extension Schema {
    fileprivate func origin(ofField coordinate: String) -> SourceReference? {
        let names = coordinate.split(separator: ".").map(String.init)
        guard let type = names.first.flatMap(type(named:)) else { return nil }
        return self[type].fields.first { $0.name == names.last }?.origin ?? self[type].origins.first
    }
}
