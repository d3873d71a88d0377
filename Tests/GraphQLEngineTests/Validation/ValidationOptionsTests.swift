import GraphQLEngine
import Testing

@Suite struct ValidationOptionsTests {
    private static let tooMany = "Too many validation errors, error limit reached. Validation aborted."

    @Test func `errors come in the order of the document, then of the rules`() throws {
        let document = """
            query ($unused: Int, $b: Boolean) {
              nope
              dog @skip { name(x: 1) @unknown { y } }
              ...Missing
            }
            fragment Unused on Dog { puppies { name } }
            """
        #expect(
            try problems(document) == [
                #"2:3 Cannot query field "nope" on type "Query"."#,
                #"3:7 Directive "@skip" argument "if" of type "Boolean!" is required, but it was not provided."#,
                #"3:35 Field "name" must not have a selection since type "String" has no subfields."#,
                #"3:20 Unknown argument "x" on field "Dog.name"."#,
                #"3:26 Unknown directive "@unknown"."#,
                #"4:6 Unknown fragment "Missing"."#,
                #"1:8 Variable "$unused" is never used."#,
                #"1:22 Variable "$b" is never used."#,
                #"6:26 Field "puppies" argument "first" of type "Int!" is required, but it was not provided."#,
                #"6:1 Fragment "Unused" is never used."#,
            ]
        )
    }

    @Test func `errors behind the maximum are left out, and one says so`() throws {
        let document = "{ a b dog { c } d e }"
        let options = ValidationOptions(maxErrors: 3)
        #expect(
            try problems(document, options) == [
                #"1:3 Cannot query field "a" on type "Query"."#, #"1:5 Cannot query field "b" on type "Query"."#,
                #"1:13 Cannot query field "c" on type "Dog"."#, Self.tooMany,
            ]
        )
    }

    @Test func `exactly the maximum is not too many`() throws {
        #expect(try problems("{ a b }", ValidationOptions(maxErrors: 2)).count == 2)
        #expect(try problems("{ a b }", ValidationOptions(maxErrors: 1)).count == 2)
        #expect(try problems("{ a b }", ValidationOptions(maxErrors: 0)) == [Self.tooMany])
    }

    @Test func `the first errors are kept whichever rule finds them`() throws {
        // Required arguments are missed on the way out, unknown fields on the way in.
        let inner = String(repeating: "puppies { ", count: 30)
        let document = "{ dog { \(inner) name \(String(repeating: "} ", count: 30)) nope } }"
        let all = try problems(document, ValidationOptions(maxErrors: 1_000))
        #expect(all.count == 31)
        #expect(try problems(document, ValidationOptions(maxErrors: 5)) == Array(all.prefix(5)) + [Self.tooMany])
    }

    @Test func `nothing is suggested where that is turned off`() throws {
        let document = "query($a: Dgo) { dog { nam knows(comand: SITT) } filter(value: {requird: true}) @skp(if: 1) }"
        let found = try problems(document, ValidationOptions(hidesSuggestions: true))
        #expect(found.count > 5)
        #expect(!found.contains { $0.contains("Did you mean") })
    }

    @Test func `too few comparisons to tell a conflict are an error of their own`() throws {
        let fields = (0..<100).map { "x: name(surname: \($0 % 2 == 0))" }.joined(separator: " ")
        let options = ValidationOptions(
            rules: [.overlappingFieldsCanBeMerged],
            maxErrors: 10_000,
            maxComparisons: 500
        )
        let found = try problems("{ dog { \(fields) } }", options)
        #expect(
            found.last
                == "1:7 Too many overlapping fields: it takes more than 500 comparisons to tell whether they conflict."
        )
    }

    @Test func `rules are found by the names of graphql-js`() {
        #expect(ValidationRule.named("ScalarLeafsRule")?.name == "ScalarLeafsRule")
        #expect(ValidationRule.named("NoDeprecatedCustomRule") != nil)
        #expect(ValidationRule.named("Nonsense") == nil)
        let names =
            (ValidationRule.specified + ValidationRule.additional + ValidationRule.incremental + ValidationRule.optional)
            .map(\.name)
        #expect(Set(names).count == names.count)
    }
}
