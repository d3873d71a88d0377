import GraphQLSchema

extension LintRule {
    static let objectsNotIDs = LintRule(
        "objects-not-ids",
        "Fields answer objects, not their ids; ids that are given are called id, ids, …Id or …Ids."
    ) { schema, report in
        for (type, field, coordinate) in schema.outputFields where schema[field.type.type].name == "ID" {
            if !field.type.isList, field.name == "id" { continue }
            // What was deleted is not there to be answered, and items that failed may never have been.
            let isGone = ["deleted", "removed"].contains(Words(type.name).last) || field.name == "failedIds"
            if isGone || Words(field.name).first == "deleted" || schema.isMember(type, of: "UserError") { continue }
            report.add(
                coordinate,
                at: field.origin,
                field.type.isList ? "answers ids in place of objects" : "answers an id in place of an object"
            )
        }
        for (input, coordinate) in schema.inputs where schema[input.type.type].name == "ID" {
            let suffix = input.type.isList ? "ids" : "id"
            if Words(input.name).last == suffix { continue }
            report.add(
                coordinate,
                at: input.origin,
                input.type.isList ? "takes ids: its name ends in Ids" : "takes an id: its name ends in Id"
            )
        }
    }
}
