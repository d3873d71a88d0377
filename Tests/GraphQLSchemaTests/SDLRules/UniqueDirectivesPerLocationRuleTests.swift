import Testing

@testable import GraphQLSchema

@Suite struct UniqueDirectivesPerLocationRuleTests {
    private let definitions = """
        directive @once on OBJECT | SCHEMA | FIELD_DEFINITION
        directive @often repeatable on OBJECT

        """

    @Test func `repeatable and unknown directives may be repeated`() throws {
        let text = definitions + "type A @often @often @once @unknown @unknown { a: A @once b: A @once }"
        #expect(try found(by: .uniqueDirectivesPerLocation, in: text) == [])
    }

    @Test func `a type and its extensions are one place, and so is the schema`() throws {
        let text =
            definitions + """
                type A @once @once { a: A @once @once }
                extend type A @once
                schema @once { query: A }
                extend schema @once
                """
        let message = "The directive \"@once\" can only be used once at this location."
        #expect(
            try found(by: .uniqueDirectivesPerLocation, in: text) == [
                "3:8 3:14 " + message, "3:27 3:33 " + message, "3:8 4:15 " + message, "5:8 6:15 " + message,
            ]
        )
    }
}
