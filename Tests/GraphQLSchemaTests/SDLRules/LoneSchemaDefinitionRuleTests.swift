import Testing

@testable import GraphQLSchema

@Suite struct LoneSchemaDefinitionRuleTests {
    @Test func `one definition is enough`() throws {
        #expect(try found(by: .loneSchemaDefinition, in: "schema { query: Q } type Q { a: Int }") == [])
        #expect(try found(by: .loneSchemaDefinition, in: "extend schema { query: Q }") == [])
    }

    @Test func `every further definition is an error`() throws {
        #expect(
            try found(by: .loneSchemaDefinition, in: "schema { query: Q }\nschema { query: Q }\nschema { query: Q }")
                == ["2:1 Must provide only one schema definition.", "3:1 Must provide only one schema definition."]
        )
    }

    @Test func `an extension cannot define the schema again`() throws {
        let message = "1:1 Cannot define a new schema within a schema extension."
        let text = "schema { query: Q }"
        #expect(try found(by: .loneSchemaDefinition, in: text, extending: "type Query { a: Int }") == [message])
        #expect(try found(by: .loneSchemaDefinition, in: text, extending: "schema { query: X }") == [message])
        #expect(try found(by: .loneSchemaDefinition, in: text, extending: "type Other { a: Int }") == [])
    }
}
