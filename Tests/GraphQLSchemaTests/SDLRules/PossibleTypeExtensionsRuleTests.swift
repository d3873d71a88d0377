import Testing

@testable import GraphQLSchema

@Suite struct PossibleTypeExtensionsRuleTests {
    private let kinds = [
        ("scalar", "scalar T", "extend scalar T @d"), ("object", "type T", "extend type T @d"),
        ("interface", "interface T", "extend interface T @d"), ("union", "union T", "extend union T @d"),
        ("enum", "enum T", "extend enum T @d"), ("input object", "input T", "extend input T @d"),
    ]

    @Test func `each kind extends only its own`() throws {
        for (_, definition, _) in kinds {
            for (kind, own, text) in kinds {
                let isSame = own == definition
                let message = "Cannot extend non-\(kind) type \"T\"."
                #expect(
                    try found(by: .possibleTypeExtensions, in: "\(definition)\n\(text)")
                        == (isSame ? [] : ["1:1 2:1 " + message])
                )
                #expect(
                    try found(by: .possibleTypeExtensions, in: text, extending: definition)
                        == (isSame ? [] : ["1:1 " + message])
                )
            }
        }
    }

    @Test func `unknown types cannot be extended`() throws {
        #expect(
            try found(by: .possibleTypeExtensions, in: "extend type Qury @d type Query { a: Int } extend type Zzz @d")
                == [
                    "1:13 Cannot extend type \"Qury\" because it is not defined. Did you mean \"Query\"?",
                    "1:55 Cannot extend type \"Zzz\" because it is not defined.",
                ]
        )
    }
}
