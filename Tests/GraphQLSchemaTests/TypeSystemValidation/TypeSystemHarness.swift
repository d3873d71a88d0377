@testable import GraphQLSchema

/// What is wrong with a schema that has a query type, one line for each error: `line:column line:column message`.
/// The text of the schema begins at line 2.
func problems(with sdl: String, _ rules: TypeSystemRules = .complete) throws -> [String] {
    try Schema(unchecked: "type Query { a: Int }\n" + sdl).problems(rules).map(\.asLine)
}
