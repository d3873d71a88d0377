import Testing

/// What was let in by a session that was ended before it was done.
@Suite struct EndedSessionTests {
    /// As a recovery of the account does, which is not committed yet.
    private let recovery = """
        UPDATE users SET session_epoch = session_epoch + 1;
        UPDATE auth_sessions SET revoked_at = now()
        """

    private static let overtaken = [
        "apiKeyCreate(input: {name: \"back door\", scopes: [PROFILE_READ]}) { userErrors { code } }",
        "apiKeyRotate(id: $key) { userErrors { code } }",
        "emailChange(newEmail: \"thief@example.org\") { userErrors { code } }",
        "mfaEnroll(name: \"phone\") { userErrors { code } }",
        "oauthUnlink(provider: GITHUB) { userErrors { code } }",
        "passwordChange(input: {currentPassword: \"\(password)\", newPassword: \"of the thief alone\"}) { userErrors { code } }",
        "accountDeactivate { userErrors { code } }",
    ]

    /// All that a thief could leave behind.
    private let state = """
        SELECT concat_ws(' ', count(DISTINCT k.id), count(DISTINCT f.id), count(DISTINCT i.subject), max(u.status),
            md5(string_agg(DISTINCT u.password_hash || coalesce(encode(k.key_hash, 'hex'), ''), '')),
            (SELECT count(*) FROM one_time_tokens WHERE purpose = 'EMAIL_CHANGE'))
        FROM users u LEFT JOIN api_keys k ON k.user_id = u.id LEFT JOIN mfa_factors f ON f.user_id = u.id
            LEFT JOIN oauth_identities i ON i.user_id = u.id
        """

    @Test(arguments: overtaken) func `nothing dangerous is done behind the end of its session`(
        field: String
    ) async throws {
        try await APIServer.with { server in
            let thief = try server.register("ida")
            try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
            try server.sql(
                "INSERT INTO oauth_identities (provider, subject, user_id) SELECT 'GITHUB', '1', id FROM users"
            )
            let make = "mutation { apiKeyCreate(input: {name: \"robot\", scopes: [PROFILE_READ]}) { apiKey { id } } }"
            let key = try #require(try server.ask(make, token: thief.access)["data.apiKeyCreate.apiKey.id"])
            server.pass(seconds: 2)
            let before = try server.sql(state)
            let held = try HeldTransaction(recovery, on: server.connectionString)
            let usesKey = field.contains("$key")
            let answer = try server.ask(
                "mutation\(usesKey ? " ($key: ID!)" : "") { \(field) }",
                usesKey ? ["key": key] : [:],
                token: thief.access
            )
            try held.end()
            #expect(answer.errorCode == "UNAUTHENTICATED", "\(answer.text)")
            #expect(try server.sql(state) == before)
        }
    }

    @Test func `nothing is linked behind the end of its session`() async throws {
        try await APIServer.withProvider { server, provider in
            let thief = try server.register("ida")
            try server.sql("UPDATE users SET email_verified_at = now(), status = 'ACTIVE'")
            server.pass(seconds: 2)
            let attempt = try server.startOAuth(intent: "LINK", token: thief.access)
            let browser = TestBrowser(server)
            let back = try browser.open(provider.agree(at: #require(try browser.open(attempt.address)["location"])))
            let code = try #require(back.query()["code"])
            let held = try HeldTransaction(recovery, on: server.connectionString)
            let answer = try server.askOAuthComplete(attempt.state, code, token: thief.access)
            try held.end()
            #expect(answer.errorCode == "UNAUTHENTICATED", "\(answer.text)")
            #expect(try server.sql("SELECT count(*) FROM oauth_identities") == "0")
        }
    }
}
