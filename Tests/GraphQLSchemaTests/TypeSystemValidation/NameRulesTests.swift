import Testing

@testable import GraphQLSchema

@Suite struct NameRulesTests {
    @Test func `two underscores belong to introspection`() throws {
        func message(_ name: String) -> String {
            "Name \"\(name)\" must not begin with \"__\", which is reserved by GraphQL introspection."
        }
        let sdl = """
            type __A { __b(__c: Int): Int }
            enum __E { __V }
            input __I { __f: Int }
            directive @__d(__x: Int) on FIELD
            """
        #expect(
            try problems(with: sdl) == [
                "5:1 " + message("__d"), "5:16 " + message("__x"), "2:1 " + message("__A"), "2:12 " + message("__b"),
                "2:16 " + message("__c"), "3:1 " + message("__E"), "3:12 " + message("__V"), "4:1 " + message("__I"),
                "4:13 " + message("__f"),
            ]
        )
        #expect(try problems(with: "type _A { _b: Int }") == [])
    }
}
