import GraphQLSchema

extension LintRule {
    static let identifiedObjectsAreNodes = LintRule(
        "identified-objects-are-nodes",
        "An object type with a field id: ID! implements Node."
    ) { schema, report in
        for type in schema.ownTypes where type.kind == .object && !schema.isMember(type, of: "Node") {
            let identified = type.fields.contains {
                $0.name == "id" && $0.type.isNonNull && !$0.type.isList && schema[$0.type.type].name == "ID"
            }
            if identified { report.add(type.name, at: type.origins.first, "has an id and does not implement Node") }
        }
    }
}
