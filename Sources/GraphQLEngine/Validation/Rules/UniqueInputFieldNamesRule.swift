import GraphQLLanguage
import GraphQLSchema

extension ValidationRule {
    /// A field of an input object is given once.
    ///
    /// https://spec.graphql.org/September2025/#sec-Input-Object-Field-Uniqueness
    public static let uniqueInputFieldNames = ValidationRule("UniqueInputFieldNamesRule") { facts, report in
        guard facts.objectFields.count > 1 else { return }
        var place = [Int32](repeating: -1, count: facts.names.count)
        var first = place
        for object in facts.objects {
            if report.isFull { return }
            var node = object + 1
            while node < facts.nodes[Int(object)].next {
                let name = Int(facts.objectFields[Int(facts.positions[Int(node)])].name)
                if place[name] == object {
                    report.add(
                        entering: node,
                        at: [facts.nameStart(first[name]), facts.nameStart(node)],
                        "There can be only one input field named \"\(facts.names.string(NameID(name)))\"."
                    )
                } else {
                    place[name] = object
                    first[name] = node
                }
                node = Int32(bitPattern: facts.nodes[Int(node)].next)
            }
        }
    }
}
