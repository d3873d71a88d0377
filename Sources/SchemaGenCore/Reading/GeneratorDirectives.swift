public import GraphQLLanguage
import GraphQLSchema

/// The directives that speak to the generator. Schemas need not define them, and clients never see them.
public enum GeneratorDirectives {
    /// A schema's text with the definitions behind it that it goes without, and what those define.
    public static func complete(
        _ text: [UInt8]
    ) throws(SyntaxError) -> (document: Document, added: Set<String>) {
        let own = try Document(parsing: text, limits: .schema)
        let defined = own.children(of: 0)
            .filter { own[$0].kind == .directiveDefinition }
            .map { own.text(of: $0) }
        let missing = definitions.filter { !defined.contains($0.name) }
        let behind = missing.map { "\n" + $0.text }.joined()
        return (try Document(parsing: text + Array(behind.utf8), limits: .schema), Set(missing.map(\.name)))
    }

    /// Definitions by name, in one line each: they stand behind the schema's text, whose lines must keep their numbers.
    static let definitions: [(name: String, text: String)] = [
        (
            "binding",
            "directive @binding(context: String types: String imports: [String!] access: String inert: [String!]) on SCHEMA"
        ),
        ("model", "directive @model(type: String!) on OBJECT"),
        ("embedded", "directive @embedded on FIELD_DEFINITION | OBJECT"),
        ("resolver", "directive @resolver on FIELD_DEFINITION"),
        ("idOf", "directive @idOf(type: String) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION"),
        ("swift", "directive @swift(type: String! import: String) on SCALAR"),
        (
            "constraint",
            "directive @constraint(trim: Boolean minLength: Int maxLength: Int pattern: String format: String min: Int max: Int minItems: Int maxItems: Int) on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION"
        ),
    ]

    /// Those that the text for the engine goes without. It needs `@resolver`, to tell which leaves are resolved, and
    /// `@constraint` is for readers too.
    static let stripped: Set<String> = ["binding", "model", "embedded", "idOf", "swift"]
}
