import GraphQLLanguage
import GraphQLSchema
import Testing

@Suite struct SchemaBuildingTests {
    @Test func `types keep the order of the text and find each other`() throws {
        let schema = try Schema(
            unchecked: """
                type Query { pets(first: Int = 3 @deprecated): [Pet!]! @deprecated(reason: "use animals") }
                interface Pet { name: String! }
                type Dog implements Pet { name: String! }
                union Any = Dog | Query
                extend type Dog { barks: Boolean }
                """
        )
        #expect(schema.types.prefix(4).map(\.name) == ["Query", "Pet", "Dog", "Any"])
        let query = try #require(schema.queryType)
        let pet = try #require(schema.type(named: "Pet"))
        let dog = try #require(schema.type(named: "Dog"))
        #expect(schema[query].fields[0].type == TypeReference(pet).required.list.required)
        #expect(schema[query].fields[0].deprecationReason == "use animals")
        #expect(schema[query].fields[0].arguments[0].defaultValue == .int(3))
        #expect(schema[query].fields[0].arguments[0].deprecationReason == "No longer supported")
        #expect(schema[pet].possibleTypes == [dog])
        #expect(schema[dog].fields.map(\.name) == ["name", "barks"])
        #expect(schema[dog].origins.count == 2)
        #expect(schema.type(named: "Any").map { schema[$0].possibleTypes } == [dog, query])
    }

    @Test func `root types are those of the schema definition, else those of the usual names`() throws {
        let named = try Schema(unchecked: "schema { query: Q } type Q { a: Int } type Mutation { b: Int }")
        #expect(named.queryType == named.type(named: "Q") && named.mutationType == nil)
        let usual = try Schema(unchecked: "type Query { a: Int } type Mutation { b: Int }")
        #expect(usual.mutationType == usual.type(named: "Mutation") && usual.subscriptionType == nil)
    }

    @Test(arguments: [
        "type Query { a: Unknown b: Int }", "type A implements Nothing & A { a: A }", "union U = Missing",
        "extend type Nobody { a: Int }", "scalar String type __Type { a: Int } directive @skip on FIELD",
        "schema { query: No }",
    ])
    func `texts that break the rules do not trap`(sdl: String) throws {
        let schema = try Schema(unchecked: sdl)
        #expect(schema.type(named: "String") != nil && schema.type(named: "__Type") != nil)
    }
}
