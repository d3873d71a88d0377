import GraphQLSchema

extension LintRule {
    static let typeSuffixes = LintRule(
        "type-suffixes",
        "Names of types end in Input, Filter, Order, Payload, Connection or Edge where that is what they are."
    ) { schema, report in
        for type in schema.ownTypes where type.kind == .inputObject {
            if ["Input", "Filter", "Order"].contains(where: type.name.hasSuffix) { continue }
            report.add(type.name, at: type.origins.first, "is an input object: its name ends in Input, Filter or Order")
        }
        for (field, coordinate) in schema.rootFields(schema.mutationType) {
            let type = schema[field.type.type]
            if type.isLeaf || type.name.hasSuffix("Payload") { continue }
            report.add(coordinate, at: field.origin, "answers \(type.name): the name of a payload ends in Payload")
        }
        for type in schema.ownTypes where type.kind == .object {
            let fields = Set(type.fields.map(\.name))
            check(
                type,
                "Connection",
                hasShape: fields.isSuperset(of: ["edges", "pageInfo"]),
                "edges and pageInfo",
                &report
            )
            check(type, "Edge", hasShape: fields.isSuperset(of: ["cursor", "node"]), "cursor and node", &report)
        }
    }

    private static func check(
        _ type: NamedType,
        _ suffix: String,
        hasShape: Bool,
        _ shape: String,
        _ report: inout LintReport
    ) {
        if type.name.hasSuffix(suffix) == hasShape { return }
        report.add(
            type.name,
            at: type.origins.first,
            hasShape ? "has \(shape): its name ends in \(suffix)" : "is no \(suffix.lowercased()) without \(shape)"
        )
    }
}
