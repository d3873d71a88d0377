import GraphQLSchema

/// What the page may offer on this server, as it reads it.
struct PlaygroundOffers {
    let json: String

    init(_ options: PlaygroundOptions) {
        var members = [Value.Field("estimate", .boolean(true))]
        if let signIn = options.signIn { members.append(Value.Field("signIn", signIn.value)) }
        if let mails = options.mails { members.append(Value.Field("mails", .string(mails))) }
        json = Value.object(members).json
    }
}

extension PlaygroundSignIn {
    fileprivate var value: Value {
        .object([
            Value.Field("query", .string(document)),
            Value.Field("token", .list(tokenPath.map { .string($0) })),
            Value.Field("ending", .string(ending)),
            Value.Field(
                "people",
                .list(
                    people.map { person in
                        .object([
                            Value.Field("name", .string(person.name)), Value.Field("note", .string(person.note)),
                            Value.Field("variables", person.variables),
                        ])
                    }
                )
            ),
        ])
    }
}
