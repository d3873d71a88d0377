import GraphQLLanguage
import Testing

@Suite struct NameSyntaxTests {
    @Test(arguments: ["a", "_", "__Type", "aB9_", "true"])
    func `names are letters, digits and underscores`(name: String) {
        #expect(NameSyntax.isValid(name))
    }

    @Test(arguments: [
        ("", "Expected name to be a non-empty string."),
        ("9a", "Names must start with [_a-zA-Z] but \"9a\" does not."),
        ("-", "Names must start with [_a-zA-Z] but \"-\" does not."),
        ("a-b", "Names must only contain [_a-zA-Z0-9] but \"a-b\" does not."),
        ("é", "Names must only contain [_a-zA-Z0-9] but \"é\" does not."),
        ("a ", "Names must only contain [_a-zA-Z0-9] but \"a \" does not."),
        (">--()-->", "Names must only contain [_a-zA-Z0-9] but \">--()-->\" does not."),
    ])
    func `anything else is no name`(name: String, problem: String) {
        #expect(!NameSyntax.isValid(name))
        #expect(NameSyntax.problem(with: name) == problem)
    }

    @Test func `enum values may not be named like other literals`() {
        for name in ["true", "false", "null"] {
            #expect(NameSyntax.problem(withEnumValue: name) == "Enum values cannot be named: \(name)")
        }
        #expect(NameSyntax.problem(withEnumValue: "TRUE") == nil)
        #expect(NameSyntax.problem(withEnumValue: "1") != nil)
    }
}
