import GraphQLEngine
import Testing

@Suite struct NoSchemaIntrospectionCustomRuleTests {
    @Test func `the name of a type may be asked for`() throws {
        #expect(try problems(.noSchemaIntrospection, "{ __typename dog { __typename name } }") == [])
    }

    @Test func `every field that returns a part of the schema is told`() throws {
        #expect(
            try problems(.noSchemaIntrospection, "{ __schema { queryType { name } } __type(name: \"Dog\") { kind } }")
                == [
                    #"1:3 GraphQL introspection has been disabled, but the requested query contained the field "__schema"."#,
                    #"1:14 GraphQL introspection has been disabled, but the requested query contained the field "queryType"."#,
                    #"1:35 GraphQL introspection has been disabled, but the requested query contained the field "__type"."#,
                    #"1:57 GraphQL introspection has been disabled, but the requested query contained the field "kind"."#,
                ]
        )
    }
}
