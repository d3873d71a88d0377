import GraphQLSchema

/// Which input types may hold each other without a list between: as structs alone they would have no size.
struct RecursiveInputs {
    /// The group of each type: types of one group can reach each other.
    private var groups: [TypeID: Int] = [:]

    init(_ schema: Schema) {
        var search = Search(schema: schema)
        for number in schema.types.indices where schema.types[number].kind == .inputObject {
            search.visit(TypeID(number))
        }
        groups = search.groups
    }

    /// Whether a field of the first type that holds the second is part of a cycle.
    func contains(_ type: TypeID, with held: TypeID) -> Bool {
        guard let group = groups[type] else { return false }
        return groups[held] == group
    }

    /// Strongly connected components, by Tarjan. Recursion is as deep as inputs hold each other.
    private struct Search {
        let schema: Schema
        var groups: [TypeID: Int] = [:]
        private var order: [TypeID: Int] = [:]
        private var lowest: [TypeID: Int] = [:]
        private var open: [TypeID] = []

        init(schema: Schema) { self.schema = schema }

        mutating func visit(_ type: TypeID) {
            guard order[type] == nil else { return }
            let number = order.count
            order[type] = number
            var low = number
            open.append(type)
            for field in schema[type].inputFields where !field.type.isList {
                let held = field.type.type
                guard schema[held].kind == .inputObject, groups[held] == nil else { continue }
                visit(held)
                low = min(low, lowest[held] ?? order[held] ?? low)
            }
            lowest[type] = low
            guard low == number else { return }
            while let member = open.popLast() {
                groups[member] = number
                if member == type { break }
            }
        }
    }
}
