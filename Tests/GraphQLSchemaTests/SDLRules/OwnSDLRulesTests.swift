import Testing

@testable import GraphQLSchema

@Suite struct OwnSDLRulesTests {
    @Test func `the text of a schema holds no operations`() throws {
        #expect(
            try found(by: .onlyTypeSystemDefinitions, in: "type Query { a: Int }\n{ a }\nfragment F on Query { a }")
                == [
                    "2:1 A schema cannot contain operations or fragments.",
                    "3:1 A schema cannot contain operations or fragments.",
                ]
        )
    }

    @Test func `lists are nested as deep as a reference can say`() throws {
        func text(_ depth: Int) -> String {
            let lists = String(repeating: "[", count: depth) + "Int" + String(repeating: "]", count: depth)
            return "type A { a: \(lists) }"
        }
        #expect(try found(by: .listDepth, in: text(TypeReference.maximumListDepth)) == [])
        #expect(
            try found(by: .listDepth, in: text(TypeReference.maximumListDepth + 1)) == [
                "1:13 Lists cannot be nested deeper than 62 levels."
            ]
        )
    }

    @Test func `an extension does not change how an input object is given`() throws {
        #expect(
            try found(by: .oneOfOnDefinition, in: "input A @oneOf { a: Int }\nextend input A @oneOf") == [
                "2:16 Directive \"@oneOf\" cannot be added by an extension."
            ]
        )
        let schema = try Schema(unchecked: "input A { a: Int } extend input A @oneOf")
        #expect(schema.types[0].isOneOf == false)
    }
}
