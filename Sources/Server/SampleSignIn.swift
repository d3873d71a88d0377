import Actions
import GraphQLSchema
import GraphQLTransport

/// Lets the playground sign in as somebody of the sample world, with one click and by the password that everybody knows.
extension PlaygroundSignIn {
    /// Nil but in development, whatever is in the database.
    static func sample(for purpose: Configuration.Purpose, hasSample: Bool) -> PlaygroundSignIn? {
        guard purpose == .development, hasSample else { return nil }
        return PlaygroundSignIn(
            document: """
                mutation SignIn($input: SignInInput!) {
                  signIn(input: $input) {
                    outcome { ... on SignInSuccess { tokens { accessToken } } }
                    userErrors { message }
                  }
                }
                """,
            tokenPath: ["signIn", "outcome", "tokens", "accessToken"],
            ending: "mutation SignOut { signOut { sessionId } }",
            people: SampleWorld.standard.people.map { person in
                let input = Value.object([
                    Value.Field("identifier", .string(person.username)),
                    Value.Field("password", .string(SampleWorld.password)),
                ])
                return Person(
                    name: person.name,
                    note: person.roles.first { $0 != "MEMBER" } ?? person.headline,
                    variables: .object([Value.Field("input", input)])
                )
            }
        )
    }
}
