import GraphQLEngine
import GraphQLSchema
import Testing

@Suite struct FieldsOnCorrectTypeRuleTests {
    @Test func `fields of objects and interfaces and meta-fields are known`() throws {
        let document =
            "{ __typename dog { __typename alias: barks } being { name } pet { __typename } __schema { description } __type(name: \"Dog\") { name } }"
        #expect(try problems(.fieldsOnCorrectType, document) == [])
    }

    @Test func `what is inside of an unknown field or type is not looked at`() throws {
        #expect(
            try problems(.fieldsOnCorrectType, "{ unknown { deeper } ... on Unknown { field } }") == [
                #"1:3 Cannot query field "unknown" on type "Query"."#
            ]
        )
    }

    @Test func `close names are suggested, the closest first`() throws {
        #expect(
            try problems(.fieldsOnCorrectType, "{ dog { barkVolum nme } }") == [
                #"1:9 Cannot query field "barkVolum" on type "Dog". Did you mean "barkVolume"?"#,
                #"1:19 Cannot query field "nme" on type "Dog". Did you mean "name"?"#,
            ]
        )
    }

    @Test func `where possible types have the field, they are suggested`() throws {
        #expect(
            try problems(.fieldsOnCorrectType, "{ pet { name meows } being { owner } }") == [
                #"1:9 Cannot query field "name" on type "Pet". Did you mean to use an inline fragment on "Being", "Owned", "Cat", "Mammal", or "Dog"?"#,
                #"1:14 Cannot query field "meows" on type "Pet". Did you mean to use an inline fragment on "Cat"?"#,
                #"1:30 Cannot query field "owner" on type "Being". Did you mean to use an inline fragment on "Owned", "Cat", or "Dog"?"#,
            ]
        )
    }

    @Test func `meta-fields of the root are nowhere else`() throws {
        #expect(
            try problems(
                .fieldsOnCorrectType,
                "{ dog { __schema { description } } pet { __type(name: \"x\") { name } } }"
            ) == [
                #"1:9 Cannot query field "__schema" on type "Dog"."#,
                #"1:42 Cannot query field "__type" on type "Pet"."#,
            ]
        )
    }

    @Test func `suggestions can be turned off`() throws {
        let options = ValidationOptions(rules: [.fieldsOnCorrectType], hidesSuggestions: true)
        #expect(
            try problems("{ dog { nme } pet { meows } }", options) == [
                #"1:9 Cannot query field "nme" on type "Dog"."#, #"1:21 Cannot query field "meows" on type "Pet"."#,
            ]
        )
    }
}
