import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema

/// What must hold for every document that is held against a schema: a rich one, and the one it defines itself.
enum ValidationProperties {
    static func check(_ bytes: [UInt8]) throws {
        guard let document = try? Document(parsing: bytes) else { return }
        try check(document, validator)
        try check(document, DocumentValidator(Schema(unchecked: [document])))
    }

    private static func check(_ document: Document, _ validator: DocumentValidator) throws {
        let errors = validator.validate(document)
        let again = try Document(parsing: Minifier.minify(document.bytes))
        guard validator.validate(again).map(\.message) == errors.map(\.message) else {
            throw LanguageProperties.Violation(description: "does not hold: white space changes no error")
        }
        guard errors.isEmpty else { return }
        for operation in document.separatedOperations() where !validator.validate(operation.document).isEmpty {
            throw LanguageProperties.Violation(description: "does not hold: a valid document has valid operations")
        }
    }

    private static let validator: DocumentValidator = {
        let sdl = """
            directive @d(x: Int = 1) repeatable on QUERY | FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | VARIABLE_DEFINITION
            directive @once on FIELD | FRAGMENT_DEFINITION
            schema { query: Q mutation: M subscription: S }
            interface N { id: ID! a(b: Int, c: [I!]): N }
            interface O implements N { id: ID! a(b: Int, c: [I!]): T b: [[E!]!] }
            type T implements N & O { id: ID! a(b: Int, c: [I!]): T b: [[E!]!] c: Float! f: String x: Q }
            type R implements N { id: ID! a(b: Int, c: [I!]): R c: Float f: Int }
            union U = T | R
            enum E { A B @deprecated }
            scalar D
            input I { a: Int! = 1 b: String c: I d: [E!] e: D }
            input J @oneOf { a: Int b: String }
            type Q { a(b: Int!, c: I, d: E, j: J): T b: U c: [N!] e: E f: String id: ID x: Boolean d(d: D): D }
            type M { a(i: I!): T b: Int }
            type S { a: T b: Int }
            """
        guard let schema = try? Schema(unchecked: sdl) else {
            fatalError("the schema of the fuzz target is no GraphQL")
        }
        return DocumentValidator(schema)
    }()
}
