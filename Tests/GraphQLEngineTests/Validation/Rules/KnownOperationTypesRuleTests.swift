import GraphQLEngine
import GraphQLSchema
import Testing

@Suite struct KnownOperationTypesRuleTests {
    @Test func `operations need a root type`() throws {
        let validator = DocumentValidator(try Schema(unchecked: "type Query { a: Int }"))
        let options = ValidationOptions(rules: [.knownOperationTypes])
        let document = "query A { a }\nmutation B { a }\nsubscription C { a }"
        #expect(
            try problems(document, options, validator) == [
                "2:1 The mutation operation is not supported by the schema.",
                "3:1 The subscription operation is not supported by the schema.",
            ]
        )
    }

    @Test func `a schema with all root types takes all operations`() throws {
        #expect(try problems(.knownOperationTypes, "mutation { rename { name } }") == [])
    }
}
