import Testing

extension APIServer {
    /// Registers somebody with this platform role.
    @discardableResult
    func register(_ name: String, as role: String) throws -> TestTokens {
        let tokens = try register(name)
        try sql("INSERT INTO user_roles (user_id, role) SELECT id, '\(role)' FROM users WHERE username = '\(name)'")
        pass(seconds: 2)
        return tokens
    }

    /// Runs a mutation on the account `$user`, with what it is to answer.
    func manage(
        _ mutation: String,
        _ user: String,
        by token: TestTokens,
        _ fields: String = ""
    ) throws -> APIAnswer {
        try ask(
            "mutation ($user: ID!) { r: \(mutation) { \(fields) userErrors { code path } } }",
            ["user": user],
            token: token.access
        )
    }
}
