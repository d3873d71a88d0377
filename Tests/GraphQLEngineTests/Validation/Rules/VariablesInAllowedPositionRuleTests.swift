import GraphQLEngine
import Testing

@Suite struct VariablesInAllowedPositionRuleTests {
    @Test(arguments: [
        "query($x: Int) { int(value: $x) }",
        "query($x: Int!) { int(value: $x) required(one: $x, two: $x) }",
        "query($x: Int = 1) { required(one: $x, two: 1) }",
        "query($x: Int) { optional(one: $x) }",
        "query($x: String) { strings(value: [$x]) }",
        "query($x: [String!]!) { strings(value: $x) }",
        "query($x: Boolean = false) { dog @skip(if: $x) { name } }",
        "query($x: Boolean) { filter(value: {required: true, withDefault: $x}) }",
        "query($x: Unknown, $y: Int) { int(value: $x) unknown(x: $y) string(unknown: $y) }",
        "query($x: Json) { json(value: {a: $x, b: [$x]}) }",
        "query($x: ID!) { key(value: {id: $x}) }",
        "query($x: [[Int]]) { ...F } fragment F on Query { dog { name } }",
    ])
    func `fitting variables`(document: String) throws {
        #expect(try problems(.variablesInAllowedPosition, document) == [])
    }

    @Test(arguments: [
        ("query($x: Int) { required(one: $x, two: 1) }", "Int", "Int!"),
        ("query($x: Int = null) { required(one: $x, two: 1) }", "Int", "Int!"),
        ("query($x: String) { int(value: $x) }", "String", "Int"),
        ("query($x: [Int]) { int(value: $x) }", "[Int]", "Int"),
        ("query($x: String) { strings(value: $x) }", "String", "[String]"),
        (
            "query($x: [Int!]) { filter(value: {required: true, numbers: $x, inner: {required: false, numbers: [$x]}}) }",
            "[Int!]", "Int!"
        ),
        ("query($x: Boolean) { dog @include(if: $x) { name } }", "Boolean", "Boolean!"),
        ("query($x: Dog) { int(value: $x) }", "Dog", "Int"),
        ("query($x: String!) { int(value: [$x]) }", "String!", "Int"),
    ])
    func `variables that do not fit`(document: String, type: String, expected: String) throws {
        let found = try problems(.variablesInAllowedPosition, document)
        #expect(found.count == 1)
        #expect(
            found.first?.hasSuffix(
                "Variable \"$x\" of type \"\(type)\" used in position expecting type \"\(expected)\"."
            ) == true
        )
    }

    @Test func `uses in fragments are told for each operation, where definition and use are`() throws {
        let document = """
            query A($x: Int) { ...F }
            query B($x: Int!) { ...F }
            query C($x: String!) { ...F }
            fragment F on Query { required(one: $x, two: 1) }
            """
        #expect(
            try problems(.variablesInAllowedPosition, document) == [
                #"1:9 4:37 Variable "$x" of type "Int" used in position expecting type "Int!"."#,
                #"3:9 4:37 Variable "$x" of type "String!" used in position expecting type "Int!"."#,
            ]
        )
    }

    @Test func `a variable that is defined twice is what the last definition says`() throws {
        #expect(try problems(.variablesInAllowedPosition, "query($x: String, $x: Int) { int(value: $x) }") == [])
        #expect(
            try problems(.variablesInAllowedPosition, "query($x: Int, $x: String) { int(value: $x) }") == [
                #"1:16 1:41 Variable "$x" of type "String" used in position expecting type "Int"."#
            ]
        )
    }

    @Test func `a field of a oneOf object takes no variable that may be null`() throws {
        for field in ["key", "requiredKey"] {
            #expect(
                try problems(.variablesInAllowedPosition, "query($x: ID = 1) {\n\(field)(value: {id: $x}) }").map {
                    $0.drop { $0 != "V" }
                } == [
                    #"Variable "$x" is of type "ID" but must be non-nullable to be used for OneOf Input Object "Key"."#
                ]
            )
        }
    }

    @Test func `types nested deeper than any type of a schema fit nowhere`() throws {
        let type = String(repeating: "[", count: 300) + "String" + String(repeating: "]", count: 300)
        #expect(try problems(.variablesInAllowedPosition, "query($x: \(type)) { strings(value: $x) }").count == 1)
    }
}
