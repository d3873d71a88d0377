import GraphQLLanguage
import GraphQLSchema
import Testing

@Suite struct SensitiveInputTests {
    private static let sdl = """
        directive @sensitive on ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
        input SignIn { name: String! password: String! @sensitive device: Device }
        input Device { id: Int! pin: Int @sensitive }
        input Plain { id: Int! }
        type Query {
          signIn(in: SignIn!, all: [SignIn!]): Int
          prove(password: String @sensitive): Int
          plain(in: Plain): Int
        }
        """

    private func messages(_ text: String, _ variables: [(String, Value)]) throws -> String {
        let schema = try Schema(sdl: Self.sdl)
        let document = try Document(parsing: text)
        let operation = try #require(document.children(of: 0).first { document[$0].kind == .operationDefinition })
        let given = Value.object(variables.map { Value.Field($0.0, $0.1) })
        let (_, errors) = schema.coercedVariables(given, of: operation, in: document)
        return errors.map(\.message).joined(separator: "\n")
    }

    @Test func `a secret that does not fit is not repeated, nor what stands beside it under an unknown name`() throws {
        let query = "query ($in: SignIn!) { signIn(in: $in) }"
        func object(_ members: [(String, Value)]) -> Value { .object(members.map { Value.Field($0.0, $0.1) }) }
        let given = object([
            ("name", .string("ida")), ("pasword", .string("hunter2")), ("password", .int(4_711)),
            ("device", object([("id", .string("x")), ("pin", .string("0815"))])),
        ])
        let said = try messages(query, [("in", given)])
        #expect(said.contains("ida") && said.contains("$in.password") == false)
        #expect(said.contains(#""[redacted]" at "in.password"; It does not fit its type."#), "\(said)")
        for secret in ["hunter2", "4711", "0815"] { #expect(!said.contains(secret), "\(said)") }
        #expect(try !messages(query, [("in", .string("hunter2"))]).contains("hunter2"))
    }

    @Test func `a variable that goes to a sensitive argument is not repeated`() throws {
        let said = try messages("query ($p: String) { prove(password: $p) }", [("p", .int(4_711))])
        #expect(said == #"Variable "$p" got invalid value "[redacted]"; It does not fit its type."#)
        let plain = try messages(
            "query ($in: Plain) { plain(in: $in) }",
            [("in", .object([Value.Field("id", .string("x"))]))]
        )
        #expect(plain.contains(#"got invalid value "x" at "in.id""#), "\(plain)")
    }
}
