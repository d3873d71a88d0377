import GraphQLLanguage
import GraphQLSchema
import Testing

@testable import GraphQLEngine

@Suite struct CompanionDirectiveRuleTests {
    private static let schema = """
        directive @once on FIELD_DEFINITION
        directive @key(of: String!) on FIELD
        type Query { a: Query @once b: Query c: Int }
        """

    private func messages(_ document: String) throws -> [String] {
        let schema = try Schema(unchecked: Self.schema)
        let options = ValidationOptions(rules: [.companion("key", of: "once")])
        return DocumentValidator(schema).validate(try Document(parsing: document), options: options).map(\.message)
    }

    @Test func `a directive stands where it does something`() throws {
        #expect(try messages("{ a @key(of: \"x\") { c } ... { a @key(of: \"y\") { a @key(of: \"z\") { c } } } }") == [])
    }

    @Test func `elsewhere it is an error`() throws {
        let message = #"Directive "@key" does nothing at field "b", which is not "@once"."#
        #expect(try messages("{ b @key(of: \"x\") { a { b @key(of: \"y\") { c } } } }") == [message, message])
        #expect(try messages("{ ...F } fragment F on Query { x: b @key(of: \"x\") { c } }") == [message])
    }
}
