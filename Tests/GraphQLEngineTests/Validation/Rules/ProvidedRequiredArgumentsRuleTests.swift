import GraphQLEngine
import Testing

@Suite struct ProvidedRequiredArgumentsRuleTests {
    @Test func `arguments with defaults may be left out`() throws {
        #expect(
            try problems(
                .providedRequiredArguments,
                "{ optional required(two: null, one: 1) dog @needs(it: 1) { name } unknown @unknown }"
            ) == []
        )
    }

    @Test func `missing ones are told, those of inner fields first`() throws {
        let document = "{ dog @needs @skip {\n puppies { puppies { name } } } required(one: 1) __type { name } }"
        #expect(
            try problems(.providedRequiredArguments, document) == [
                #"1:7 Directive "@needs" argument "it" of type "Int!" is required, but it was not provided."#,
                #"1:14 Directive "@skip" argument "if" of type "Boolean!" is required, but it was not provided."#,
                #"2:12 Field "puppies" argument "first" of type "Int!" is required, but it was not provided."#,
                #"2:2 Field "puppies" argument "first" of type "Int!" is required, but it was not provided."#,
                #"2:33 Field "required" argument "two" of type "Int!" is required, but it was not provided."#,
                #"2:50 Field "__type" argument "name" of type "String!" is required, but it was not provided."#,
            ]
        )
    }

    @Test func `the document's own definition of a directive counts`() throws {
        let document = "directive @onField(mine: [Int!]!, other: Int! = 1) on FIELD\n{ dog @onField { name } }"
        #expect(
            try problems(.providedRequiredArguments, document) == [
                #"2:7 Directive "@onField" argument "mine" of type "[Int!]!" is required, but it was not provided."#
            ]
        )
    }
}
