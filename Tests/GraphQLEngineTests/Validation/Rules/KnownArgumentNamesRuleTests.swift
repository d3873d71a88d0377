import GraphQLEngine
import Testing

@Suite struct KnownArgumentNamesRuleTests {
    @Test func `arguments of fields, meta-fields and directives are known`() throws {
        let document =
            "{ dog @onField(arg: 1) { knows(command: SIT) } __type(name: \"Dog\") { fields(includeDeprecated: true) { name } } unknown(x: 1) }"
        #expect(try problems(.knownArgumentNames, document) == [])
    }

    @Test func `unknown ones are told with what is close`() throws {
        let document =
            "{ dog @onField(arf: 1) @skip(unless: true) {\n knows(comand: SIT, what: 1) } dog2: dog(x: 1) { name } }"
        #expect(
            try problems(.knownArgumentNames, document) == [
                #"1:16 Unknown argument "arf" on directive "@onField". Did you mean "arg"?"#,
                #"1:30 Unknown argument "unless" on directive "@skip"."#,
                #"2:8 Unknown argument "comand" on field "Dog.knows". Did you mean "command"?"#,
                #"2:21 Unknown argument "what" on field "Dog.knows"."#,
                #"2:42 Unknown argument "x" on field "Query.dog"."#,
            ]
        )
    }

    @Test func `the document's own definition of a directive counts`() throws {
        let document = "directive @onField(mine: Int) on FIELD\n{ dog @onField(mine: 1, arg: 2) { name } }"
        #expect(
            try problems(.knownArgumentNames, document) == [#"2:25 Unknown argument "arg" on directive "@onField"."#]
        )
    }
}
