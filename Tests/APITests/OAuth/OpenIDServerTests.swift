import Data
import IdentityProviders
import PythonTesting
import Testing

/// Against a real provider of OpenID Connect, oidc-provider-mock.
@Suite(.timeLimit(.minutes(3))) struct OpenIDServerTests {
    private func with(_ body: (APIServer, String) async throws -> Void) async throws {
        let program = try PythonProgram("APITests/OAuth/oidc_server.py", [])
        let issuer = try #require(program.object()?["url"] as? String)
        let server = try await APIServer { parts in
            let options = OpenIDProvider.Options(issuer: issuer, clientID: "atrium", clientSecret: "secret")
            return [.google: OpenIDProvider(options, parts.outbound)]
        }
        do { try await body(server, issuer) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// Signs in at the provider as one of its people, and comes back.
    private func way(
        _ server: APIServer,
        _ browser: TestBrowser,
        as person: String,
        intent: String = "SIGN_IN",
        token: String? = nil
    ) throws -> APIAnswer {
        let attempt = try server.startOAuth(intent: intent, token: token)
        let out = try browser.open(attempt.address)
        #expect(out.status == 303)
        let agreed = try browser.open(try #require(out["location"]), form: [("sub", person)])
        let back = try browser.open(try #require(agreed["location"], "\(agreed)"))
        return try server.askOAuthComplete(attempt.state, try #require(back.query()["code"]), token: token)
    }

    @Test func `somebody makes an account by their account elsewhere, and signs in by it again`() async throws {
        try await with { server, _ in
            let browser = TestBrowser(server)
            let first = try way(server, browser, as: "ida")
            let path = "data.oauthComplete.outcome"
            #expect(first["\(path).__typename"] == "SignInSuccess", "\(first.text)")
            #expect(first["\(path).viewer.email"] == "ida@example.org")
            #expect(first["\(path).viewer.emailVerified"] == "1")
            #expect(first["\(path).viewer.user.displayName"] == "Ida Elsewhere")
            #expect(first["\(path).viewer.authentication.method"] == "OAUTH")
            #expect(first["\(path).viewer.authentication.session.deviceName"] == "phone")
            let tokens = try server.tokens(first, path)
            let identities = try server.ask(
                "{ viewer { oauthIdentities { provider email lastUsedAt } } }",
                token: tokens.access
            )
            #expect(identities["data.viewer.oauthIdentities.0.email"] == "ida@example.org", "\(identities.text)")
            let again = try way(server, browser, as: "ida")
            #expect(again["\(path).viewer.user.username"] == first["\(path).viewer.user.username"])
            #expect(try server.sql("SELECT count(*) FROM users") == "1")
            #expect(try server.sql("SELECT count(*) FROM oauth_attempts") == "0")
            let actions = "SELECT string_agg(action, ' ' ORDER BY sequence) FROM audit_logs WHERE outcome = 'SUCCEEDED'"
            #expect(try server.sql(actions) == "account.register session.oauth session.oauth")
        }
    }

    @Test func `an address that the provider has not confirmed makes no account`() async throws {
        try await with { server, _ in
            let answer = try way(server, TestBrowser(server), as: "max")
            #expect(answer.codes("oauthComplete") == ["EMAIL_UNVERIFIED"], "\(answer.text)")
            #expect(try server.sql("SELECT count(*) FROM users") == "0")
        }
    }

    @Test func `whoever does not agree is led back, and told so`() async throws {
        try await with { server, _ in
            let attempt = try server.startOAuth()
            let browser = TestBrowser(server)
            let there = try #require(try browser.open(attempt.address)["location"])
            // The provider of these tests forgets the state where somebody does not agree.
            let state = try #require(FormText.decode(String(there.split(separator: "?")[1]))?["state"])
            let denied = try #require(try browser.open(there, form: [("action", "deny")])["location"])
            let back = try browser.open(denied.contains("state=") ? denied : denied + "&state=" + state)
            let answer = try server.askOAuthComplete(attempt.state, try #require(back.query()["code"]))
            #expect(answer.codes("oauthComplete") == ["OAUTH_REJECTED"], "\(answer.text)")
        }
    }
}
