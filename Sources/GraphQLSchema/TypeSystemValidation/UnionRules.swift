/// https://spec.graphql.org/September2025/#sec-Unions.Type-Validation
enum UnionRules {
    static func check(_ type: NamedType, in schema: Schema, _ report: inout TypeSystemReport) {
        if type.possibleTypes.isEmpty {
            report.add("Union type \(type.name) must define one or more member types.", at: type.origins)
        }
        var seen: Set<TypeID> = []
        for member in type.possibleTypes {
            let name = schema[member].name
            guard seen.insert(member).inserted else {
                report.add(
                    "Union type \(type.name) can only include type \(name) once.",
                    at: report.names(of: name, in: type.origins)
                )
                continue
            }
            if schema[member].kind != .object {
                report.add(
                    "Union type \(type.name) can only include Object types, it cannot include \(name).",
                    at: report.names(of: name, in: type.origins)
                )
            }
        }
    }
}
