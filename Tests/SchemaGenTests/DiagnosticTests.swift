import SchemaGenCore
import Testing

@Suite struct DiagnosticTests {
    private func diagnostics(_ schema: String) -> [String] {
        do {
            _ = try GeneratorPipeline.run(schema, file: "schema.graphql")
            return []
        } catch {
            return error.diagnostics.map(\.description)
        }
    }

    @Test(arguments: [
        ("type Query { a: }", "schema.graphql:1:17: error: Syntax Error: Expected Name, found \"}\"."),
        ("type Query { a: Strin }", "schema.graphql:1:17: error: Unknown type \"Strin\". Did you mean \"String\"?"),
        (
            "type Query { a: Int }\ntype Query { b: Int }",
            "schema.graphql:1:6: error: There can be only one type named \"Query\"."
        ),
        (
            "type Query { a(x: Int): Int @resolver }",
            "schema.graphql:1:29: error: @resolver has no effect on Query.a: the field is resolved anyway."
        ),
        (
            "type Query { a(x: Boolean @constraint(min: 1)): Int }",
            "schema.graphql:1:27: error: @constraint(min:) has no effect on Query.a(x:)."
        ),
        (
            "type Query { a: Int }\ninput I { s: String @constraint(maxItems: 1) }",
            "schema.graphql:2:21: error: @constraint(maxItems:) has no effect on I.s."
        ),
        (
            "type Query { a: Int @model(type: \"X\") }",
            "schema.graphql:1:21: error: Directive \"@model\" may not be used on FIELD_DEFINITION."
        ),
        ("type Query { a: Int @unknown }", "schema.graphql:1:21: error: Unknown directive \"@unknown\"."),
        ("type A { a: Int }", "schema.graphql:1:1: error: Query root type must be provided."),
    ])
    func `a mistake in the schema is named with its place`(schema: String, diagnostic: String) {
        #expect(diagnostics(schema) == [diagnostic])
    }

    @Test func `a schema that defines a directive itself keeps its definition`() {
        #expect(
            diagnostics(
                """
                directive @constraint(max: Int, label: String) on ARGUMENT_DEFINITION
                type Query { a(x: Int @constraint(max: 3)): Int }
                """
            ) == []
        )
    }
}
