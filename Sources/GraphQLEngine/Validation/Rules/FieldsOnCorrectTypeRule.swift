import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Fields that are selected exist.
    ///
    /// https://spec.graphql.org/September2025/#sec-Field-Selections
    public static let fieldsOnCorrectType = ValidationRule("FieldsOnCorrectTypeRule") { facts, report in
        for field in facts.fields where field.definition < 0 && field.parent >= 0 {
            if report.isFull { return }
            let name = facts.names.string(field.name)
            var suggestion = report.suggestion(
                of: facts.index.typesWithField(field.parent, facts.names.symbol(field.name)),
                introducedBy: "to use an inline fragment on"
            )
            if suggestion.isEmpty {
                suggestion = report.suggestion(
                    for: name,
                    among: facts.index.schema.types[Int(field.parent)].fields.map(\.name)
                )
            }
            report.add(
                entering: field.node,
                at: [facts.start(field.node)],
                "Cannot query field \"\(name)\" on type \"\(facts.typeName(field.parent))\"." + suggestion
            )
        }
    }
}

extension SchemaIndex {
    /// The types an abstract type can be narrowed to in order to select a field: object types and the interfaces they
    /// implement, those first that cover most.
    fileprivate func typesWithField(_ abstract: Int32, _ field: Symbol) -> [String] {
        guard kinds[Int(abstract)] != .object, field >= 0 else { return [] }
        var found: [TypeID] = []
        var uses = [Int](repeating: 0, count: kinds.count)
        func has(_ type: TypeID) -> Bool {
            let id = self.field(field, of: type.rawValue)
            return id >= 0 && !fields[Int(id)].isMetaField
        }
        for object in schema.types[Int(abstract)].possibleTypes where has(object) {
            if uses[object.index] == 0 { found.append(object) }
            uses[object.index] = 1
            for interface in schema.types[object.index].interfaces where has(interface) {
                if uses[interface.index] == 0 { found.append(interface) }
                uses[interface.index] += 1
            }
        }
        return found.insertionSorted { left, right in
            if uses[left.index] != uses[right.index] { return uses[left.index] > uses[right.index] }
            if implements(right, left) { return true }
            if implements(left, right) { return false }
            return Suggestions.isNaturallyLess(schema.types[left.index].name, schema.types[right.index].name)
        }.map { schema.types[$0.index].name }
    }

    private func implements(_ type: TypeID, _ interface: TypeID) -> Bool {
        kinds[interface.index] == .interface && schema.types[type.index].interfaces.contains(interface)
    }
}

extension Array {
    /// Sorts by binary insertion behind the ordered run at the start.
    ///
    /// That an interface goes before its types and all else by name is no total order, so the result depends on what is
    /// compared with what. This is the way of JavaScript, for the number of types that is suggested.
    fileprivate func insertionSorted(by precedes: (Element, Element) -> Bool) -> [Element] {
        guard count > 1 else { return self }
        let isDescending = precedes(self[1], self[0])
        var run = 2
        while run < count, precedes(self[run], self[run - 1]) == isDescending { run += 1 }
        var sorted = isDescending ? self[..<run].reversed() : Array(self[..<run])
        for element in self[run...] {
            var low = 0
            var high = sorted.count
            while low < high {
                let middle = (low + high) / 2
                if precedes(element, sorted[middle]) { high = middle } else { low = middle + 1 }
            }
            sorted.insert(element, at: low)
        }
        return sorted
    }
}
