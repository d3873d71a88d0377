import GraphQLSchema

extension LintRule {
    static let pluralLists = LintRule("plural-lists", "A field that answers a list has a plural name.") {
        schema,
        report in
        for (_, field, coordinate) in schema.outputFields where field.type.isList {
            let last = Words(field.name).last
            // A path is one thing that consists of parts; `byCategory` and `endorsedBy` say how, not what.
            if last.hasSuffix("s") || irregular.contains(last) || last == "path" || last == "by" { continue }
            if Words(field.name).first == "by" { continue }
            report.add(coordinate, at: field.origin, "is a list and has no plural name")
        }
    }

    private static let irregular: Set<String> = [
        "children", "criteria", "data", "feet", "geese", "media", "men", "mice", "people", "teeth", "women",
    ]
}
