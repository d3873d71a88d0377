extension SchemaModel {
    /// The structs that fields take as arguments, each with the numbers of its fields.
    func argumentStructs(of fields: [FieldModel]) -> [(name: String, fields: [Int])] {
        var order: [String] = []
        var numbers: [String: [Int]] = [:]
        for field in fields {
            guard let alias = field.arguments, let name = argumentStructNames[alias] else { continue }
            if numbers[name] == nil { order.append(name) }
            numbers[name, default: []].append(field.number)
        }
        return order.map { ($0, numbers[$0, default: []]) }
    }
}
