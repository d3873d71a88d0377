import Testing

@testable import GraphQLSchema

@Suite struct UniqueFieldDefinitionNamesRuleTests {
    @Test func `types may share names of fields`() throws {
        #expect(try found(by: .uniqueFieldDefinitionNames, in: "type A { a: A } input B { a: B }") == [])
    }

    @Test(arguments: ["type", "interface", "input"])
    func `a field is defined once, extensions included`(keyword: String) throws {
        let text = "\(keyword) A {\n a: Int\n a: Int }\nextend \(keyword) A {\n a: Int }"
        #expect(
            try found(by: .uniqueFieldDefinitionNames, in: text) == [
                "2:2 3:2 Field \"A.a\" can only be defined once.", "2:2 5:2 Field \"A.a\" can only be defined once.",
            ]
        )
    }

    @Test(arguments: ["type", "interface", "input"])
    func `a field that exists is not added`(keyword: String) throws {
        let text = "extend \(keyword) A {\n a: Int b: Int }"
        #expect(
            try found(by: .uniqueFieldDefinitionNames, in: text, extending: "\(keyword) A { a: Int }") == [
                "2:2 Field \"A.a\" already exists in the schema. It cannot also be defined in this type extension."
            ]
        )
    }
}
