import GraphQLLanguage
import Testing

@testable import GraphQLSchema

@Suite struct IntrospectionReaderTests {
    private let types = """
        {"kind": "SCALAR", "name": "String"}, {"kind": "SCALAR", "name": "Boolean"},
        {"kind": "SCALAR", "name": "Day", "specifiedByURL": "https://example.com"},
        {"kind": "OBJECT", "name": "Query", "description": "All.", "interfaces": [{"kind": "INTERFACE", "name": "Node"}],
         "fields": [{"name": "f", "isDeprecated": true, "deprecationReason": "old",
          "type": {"kind": "NON_NULL", "ofType": {"kind": "LIST", "ofType": {"kind": "UNION", "name": "U"}}},
          "args": [{"name": "x", "type": {"kind": "INPUT_OBJECT", "name": "In"}, "defaultValue": "{e: V}"}]}]},
        {"kind": "INTERFACE", "name": "Node", "interfaces": null, "possibleTypes": [{"name": "Query"}],
         "fields": [{"name": "f", "deprecationReason": "old", "args": [], "type": {"kind": "LIST", "ofType": {"kind": "UNION", "name": "U"}}}]},
        {"kind": "UNION", "name": "U", "possibleTypes": [{"kind": "OBJECT", "name": "Query"}]},
        {"kind": "ENUM", "name": "E", "enumValues": [{"name": "V"}, {"name": "W", "deprecationReason": "x"}]},
        {"kind": "INPUT_OBJECT", "name": "In", "isOneOf": true,
         "inputFields": [{"name": "e", "type": {"kind": "ENUM", "name": "E"}, "defaultValue": null}]}
        """

    private func schema(_ types: String, _ rest: String = "\"queryType\": {\"name\": \"Query\"}") throws -> Schema {
        let text = "{\"__schema\": {\"types\": [\(types)], \(rest)}}"
        return try Schema(introspection: Value(json: text))
    }

    private func problem(_ types: String, _ rest: String = "\"queryType\": null") throws -> String? {
        do {
            _ = try schema(types, rest)
            return nil
        } catch let error as GraphQLError { return error.message }
    }

    @Test func `a schema is read as introspection describes it`() throws {
        let schema = try schema(
            types,
            """
            "description": "S", "queryType": {"name": "Query"}, "mutationType": null, "subscriptionType": null,
            "directives": [{"name": "d", "isRepeatable": true, "locations": ["FIELD", "NO_SUCH_PLACE"],
             "args": [{"name": "a", "type": {"kind": "SCALAR", "name": "Day"}, "defaultValue": "[$v]"}]}]
            """
        )
        #expect(
            schema.printed() == """
                \"""S\"""
                schema {
                  query: Query
                }

                directive @d(a: Day) repeatable on FIELD

                scalar Day @specifiedBy(url: "https://example.com")

                \"""All.\"""
                type Query implements Node {
                  f(x: In = {e: V}): [U]! @deprecated(reason: "old")
                }

                interface Node {
                  f: [U] @deprecated(reason: "old")
                }

                union U = Query

                enum E {
                  V
                  W @deprecated(reason: "x")
                }

                input In @oneOf {
                  e: E
                }
                """
        )
        #expect(schema.problems().isEmpty)
        #expect(schema.type(named: "Node").map { schema[$0].possibleTypes } == [try #require(schema.queryType)])
    }

    @Test func `such a schema can be extended`() throws {
        let extended = try schema(types).extended(by: .init(parsing: "extend type Query { g: Int }"))
        #expect(extended.type(named: "Query").map { extended[$0].fields.map(\.name) } == ["f", "g"])
    }

    @Test func `what is missing is named`() throws {
        #expect(throws: GraphQLError.self) { try Schema(introspection: .null) }
        #expect(
            try problem(#"{"name": "A", "kind": "NOTHING"}"#)?.hasPrefix(
                "Invalid or incomplete introspection result. Ensure that a full introspection query is used"
            ) == true
        )
        for (kind, member) in [("UNION", "possibleTypes"), ("ENUM", "enumValues"), ("INPUT_OBJECT", "inputFields")] {
            #expect(
                try problem(#"{"name": "A", "kind": "\#(kind)"}"#)
                    == "Introspection result missing \(member): { name: \"A\", kind: \"\(kind)\" }."
            )
        }
        #expect(
            try problem(#"{"name": "A", "kind": "OBJECT"}"#)
                == "Introspection result missing fields: { name: \"A\", kind: \"OBJECT\" }."
        )
        #expect(
            try problem(#"{"name": "A", "kind": "OBJECT", "fields": []}"#)
                == "Introspection result missing interfaces: { name: \"A\", kind: \"OBJECT\", fields: [] }."
        )
    }

    @Test func `references lead to types of the kind that is needed`() throws {
        #expect(try problem("", #""queryType": {}"#) == "Unknown type reference: {}.")
        #expect(
            try problem("", #""queryType": {"name": "String"}"#)
                == "Invalid or incomplete schema, unknown type: String. "
                + "Ensure that a full introspection query is used in order to build a client schema."
        )
        #expect(try problem(types, #""queryType": {"name": "U"}"#) == "Expected U to be a GraphQL Object type.")
        let field = { (type: String) in
            #"{"kind": "INPUT_OBJECT", "name": "A", "inputFields": [{"name": "f", "type": \#(type)}]}, "# + self.types
        }
        #expect(
            try problem(field(#"{"kind": "OBJECT", "name": "Query"}"#))
                == "Introspection must provide input type for arguments, but received: Query."
        )
        #expect(try problem(field(#"{"kind": "LIST"}"#)) == "Decorated type deeper than introspection query.")
        #expect(
            try problem(
                field(#"{"kind": "NON_NULL", "ofType": {"kind": "NON_NULL", "ofType": {"name": "E", "kind": "ENUM"}}}"#)
            ) == "Expected E! to be a GraphQL nullable type."
        )
        let lists = String(repeating: #"{"kind": "LIST", "ofType": "#, count: 63)
        let deep = lists + #"{"name": "E", "kind": "ENUM"}"# + String(repeating: "}", count: 63)
        #expect(try problem(field(deep)) == "Lists cannot be nested deeper than 62 levels.")
    }

    @Test(arguments: [
        (#"{"kind": "SCALAR", "name": "a-b"}"#, "Names must only contain [_a-zA-Z0-9] but \"a-b\" does not."),
        (#"{"kind": "ENUM", "name": "A", "enumValues": [{"name": "true"}]}"#, "Enum values cannot be named: true"),
        (
            #"{"kind": "INPUT_OBJECT", "name": "A", "inputFields": [{"name": "1", "type": {"name": "A"}}]}"#,
            "Names must start with [_a-zA-Z] but \"1\" does not."
        ),
        (
            #"{"kind": "INPUT_OBJECT", "name": "A", "#
                + #""inputFields": [{"name": "a", "type": {"name": "A"}, "defaultValue": "{"}]}"#,
            "Syntax Error: Expected Name, found <EOF>."
        ),
    ])
    func `names and defaults are those of the language`(type: String, message: String) throws {
        #expect(try problem(type) == message)
    }

    @Test func `of two members with one name one counts`() throws {
        let schema = try schema(
            #"{"kind": "ENUM", "name": "E", "enumValues": [{"name": "V"}, {"name": "V"}]}, "#
                + #"{"kind": "ENUM", "name": "E", "enumValues": []}"#,
            #""queryType": null"#
        )
        #expect(schema.printed() == "enum E {\n  V\n}")
    }
}
