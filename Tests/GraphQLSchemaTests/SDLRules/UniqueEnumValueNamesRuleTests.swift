import Testing

@testable import GraphQLSchema

@Suite struct UniqueEnumValueNamesRuleTests {
    @Test func `enums may share values`() throws {
        #expect(try found(by: .uniqueEnumValueNames, in: "enum A { X } enum B { X } extend enum A { Y }") == [])
    }

    @Test func `a value is defined once, extensions included`() throws {
        #expect(
            try found(by: .uniqueEnumValueNames, in: "enum A { X X }\nextend enum A { X }") == [
                "1:10 1:12 Enum value \"A.X\" can only be defined once.",
                "1:10 2:17 Enum value \"A.X\" can only be defined once.",
            ]
        )
    }

    @Test func `a value that exists is not added`() throws {
        #expect(
            try found(by: .uniqueEnumValueNames, in: "extend enum A { X Y }", extending: "enum A { X }") == [
                "1:17 Enum value \"A.X\" already exists in the schema. "
                    + "It cannot also be defined in this type extension."
            ]
        )
    }
}
