import GraphQLSchema

extension LintRule {
    static let domainWords = LintRule(
        "domain-words",
        "Names are words of the domain: no field is called get…, list… or fetch…, no type …Row or …Table."
    ) { schema, report in
        for type in schema.ownTypes {
            let last = Words(type.name).last
            if ["row", "table", "dto", "entity"].contains(last), Words(type.name).words.count > 1 {
                report.add(type.name, at: type.origins.first, "names how it is stored, not what it is")
            }
        }
        for (_, field, coordinate) in schema.outputFields {
            let words = Words(field.name)
            guard ["get", "list", "fetch"].contains(words.first), words.words.count > 1 else { continue }
            report.add(coordinate, at: field.origin, "says how it is answered: leave \"\(words.first)\" out")
        }
    }
}
