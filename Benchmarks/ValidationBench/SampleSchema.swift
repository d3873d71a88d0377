/// The schema the sample documents are for: made, not kept, and always the same. 60 types with 8 fields each, 10
/// interfaces, 10 unions, inputs and enums: some 30 kB.
enum SampleSchema {
    static let text: String = {
        var text = """
            interface Node { id: ID! }
            directive @tag(name: String!) repeatable on FIELD | FRAGMENT_SPREAD

            """
        text += "type Query {\n  node(id: ID!): Node\n"
        for type in 0..<60 {
            text += "  entity\(type)(id: ID!): Entity\(type)\n"
            text += "  entities\(type)(first: Int = 20, after: String, filter: Filter\(type % 10)): [Entity\(type)!]!\n"
        }
        text += "}\n"
        for number in 0..<10 {
            text += "interface Titled\(number) { title: String! }\n"
            text += "union Item\(number) = " + (0..<6).map { "Entity\($0 * 10 + number)" }.joined(separator: " | ")
            text += "\nenum Order\(number) { TITLE_ASC TITLE_DESC CREATED_ASC CREATED_DESC }\n"
            text +=
                "input Filter\(number) { status: Status, text: String, minimum: Int, ids: [ID!], order: Order\(number)"
            text += " = TITLE_ASC, all: [Filter\(number)!] }\n"
        }
        text += "enum Status { OPEN CLOSED ARCHIVED }\n"
        for type in 0..<60 {
            text += """
                type Entity\(type) implements Node & Titled\(type % 10) {
                  id: ID!
                  title: String!
                  description(length: Int = 100, format: String): String
                  status: Status!
                  createdAt: String
                  price(currency: String!): Float
                  owner: Entity\((type + 1) % 60)!
                  parent: Entity\(type)
                  related(first: Int = 10, after: String, filter: Filter\(type % 10)): [Entity\((type * 7 + 3) % 60)!]!
                  items(first: Int): [Item\(type % 10)]
                }

                """
        }
        return text
    }()
}
