import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// Fields of objects have selections, others have none.
    ///
    /// https://spec.graphql.org/September2025/#sec-Leaf-Field-Selections
    public static let scalarLeafs = ValidationRule("ScalarLeafsRule") { facts, report in
        let index = facts.index
        for field in facts.fields where field.definition >= 0 {
            let type = index.fields[Int(field.definition)].type
            let isLeaf = index.isLeaf(type.type.rawValue)
            if isLeaf == (field.selectionSet == 0) { continue }
            let name = facts.names.string(field.name)
            if isLeaf {
                report.add(
                    entering: field.node,
                    at: [facts.start(field.selectionSet)],
                    "Field \"\(name)\" must not have a selection since type \"\(facts.text(type))\" has no subfields."
                )
            } else {
                report.add(
                    entering: field.node,
                    at: [facts.start(field.node)],
                    "Field \"\(name)\" of type \"\(facts.text(type))\" must have a selection of subfields."
                        + " Did you mean \"\(name) { ... }\"?"
                )
            }
            if report.isFull { return }
        }
    }
}
