import Testing

/// Signing in by GitHub, which says who somebody is to whoever has an access token of theirs.
@Suite(.timeLimit(.minutes(3))) struct GitHubSignInTests {
    private let path = "data.oauthComplete.outcome"

    @Test func `the number of an account and its confirmed address make an account here`() async throws {
        try await APIServer.withProvider { server, provider async throws in
            let answer = try server.signInBy("GITHUB")
            #expect(answer["\(path).viewer.email"] == "octo@example.org", "\(answer.text)")
            #expect(answer["\(path).viewer.user.displayName"] == "Octo Cat")
            #expect(try server.sql("SELECT provider || ' ' || subject FROM oauth_identities") == "GITHUB 583231")
            // GitHub gives addresses away; the account stays that of the number.
            provider.behave {
                $0.githubEmails = #"[{"email":"new@example.org","primary":true,"verified":true}]"#
            }
            #expect(try server.signInBy("GITHUB")["\(path).viewer.email"] == "octo@example.org")
            #expect(try server.sql("SELECT count(*) FROM users") == "1")
        }
    }

    @Test(arguments: [
        #"[{"email":"octo@example.org","primary":true,"verified":false}]"#,
        #"[{"email":"octo@example.org","primary":false,"verified":true}]"#,
        #"[{"email":"octo@example.org","primary":true}]"#, #"[{"email":1,"primary":true,"verified":true}]"#,
        "[]", "[null]",
    ])
    func `an address that is not confirmed there makes no account`(emails: String) async throws {
        try await APIServer.withProvider { server, provider async throws in
            provider.behave { $0.githubEmails = emails }
            #expect(try server.signInBy("GITHUB").codes("oauthComplete") == ["EMAIL_UNVERIFIED"])
        }
    }

    @Test(
        arguments: ["/github/login/oauth/access_token", "/github/user", "/github/user/emails"],
        [TestProvider.Answer.garbage, .huge, .failing, .redirect]
    )
    func `whatever GitHub answers, nobody is let in`(path: String, answer: TestProvider.Answer) async throws {
        try await APIServer.withProvider { server, provider async throws in
            provider.behave { $0.answers = [path: answer] }
            #expect(try server.signInBy("GITHUB").codes("oauthComplete") == ["PROVIDER_UNAVAILABLE"])
            #expect(try server.sql("SELECT count(*) FROM users") == "0")
        }
    }
}
