import GraphQLLanguage

/// Operations begin at object types, and queries are possible.
///
/// https://spec.graphql.org/September2025/#sec-Root-Operation-Types
enum RootTypeRules {
    static func check(_ schema: Schema, _ report: inout TypeSystemReport) {
        if schema.queryType == nil {
            report.add("Query root type must be provided.", at: schema.definition)
        }
        for operation in OperationType.allCases {
            guard let type = schema.rootType(for: operation), schema[type].kind != .object else { continue }
            let name = operation.rawValue.prefix(1).uppercased() + operation.rawValue.dropFirst()
            let condition = operation == .query ? "" : " if provided"
            report.add(
                "\(name) root type must be Object type\(condition), it cannot be \(schema[type].name).",
                at: report.rootType(operation, in: schema.origins) ?? schema[type].origins.first
            )
        }
    }
}

/// Each kind of operation begins at a type of its own.
///
/// https://spec.graphql.org/September2025/#sec-Root-Operation-Types
enum DistinctRootTypesRule {
    static func check(_ schema: Schema, _ report: inout TypeSystemReport) {
        var operationsByType: [(type: TypeID, operations: [OperationType])] = []
        for operation in OperationType.allCases {
            guard let type = schema.rootType(for: operation) else { continue }
            if let known = operationsByType.firstIndex(where: { $0.type == type }) {
                operationsByType[known].operations.append(operation)
            } else {
                operationsByType.append((type, [operation]))
            }
        }
        for (type, operations) in operationsByType where operations.count > 1 {
            let names = operations.map(\.rawValue)
            let list =
                names.count == 2
                ? names.joined(separator: " and ") : "\(names[0]), \(names[1]), and \(names[2])"
            report.add(
                "All root types must be different, \"\(schema[type].name)\" type is used as \(list) root types.",
                at: operations.map { report.rootType($0, in: schema.origins) }
            )
        }
    }
}
