import Testing

@testable import GraphQLSchema

@Suite struct UniqueTypeNamesRuleTests {
    @Test func `types and directives do not share names`() throws {
        #expect(
            try found(by: .uniqueTypeNames, in: "type A { a: A } directive @A on FIELD extend type A { b: A }") == []
        )
    }

    @Test func `kinds of types share names`() throws {
        #expect(
            try found(by: .uniqueTypeNames, in: "type A { a: A }\nscalar A\nunion A = A") == [
                "1:6 2:8 There can be only one type named \"A\".", "1:6 3:7 There can be only one type named \"A\".",
            ]
        )
    }

    @Test func `an extension does not define what exists`() throws {
        #expect(
            try found(by: .uniqueTypeNames, in: "enum A { B }", extending: "type A { a: A }") == [
                "1:6 Type \"A\" already exists in the schema. It cannot also be defined in this type definition."
            ]
        )
    }
}
