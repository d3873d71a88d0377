import Actions
import Data
import IdentityProviders
import OutboundHTTP
import Testing

/// Of what whoever began a sign-in keeps, and where its browser goes.
struct TestAttempt {
    let state: String
    let address: String
}

let returnAddress = "https://app.example/oauth"

extension APIServer {
    /// Runs `body` with a server whose people sign in by a provider of the tests' own.
    static func withProvider(
        options change: (inout IdentityOptions) -> Void = { _ in },
        outbound: OutboundOptions = OutboundOptions(),
        deadline: Duration = .seconds(20),
        kinds: [OAuthProviderKind] = OAuthProviderKind.allCases,
        _ body: (APIServer, TestProvider) async throws -> Void
    ) async throws {
        var options = APIServer.options
        change(&options)
        let server = try await APIServer(options, outbound: outbound) { parts in
            let provider = try TestProvider(clock: { [identity = parts.identity] in identity.now })
            parts.provider = provider
            var google = OpenIDProvider.Options(
                issuer: provider.issuer,
                clientID: TestProvider.clientID,
                clientSecret: TestProvider.clientSecret
            )
            google.deadline = deadline
            var github = GitHubProvider.Options(
                clientID: TestProvider.clientID,
                clientSecret: TestProvider.clientSecret
            )
            github.site = provider.issuer + "/github"
            github.api = provider.issuer + "/github"
            github.deadline = deadline
            let providers: [OAuthProviderKind: any IdentityProvider] = [
                .google: OpenIDProvider(google, parts.outbound), .github: GitHubProvider(github, parts.outbound),
            ]
            return providers.filter { kinds.contains($0.key) }
        }
        let provider = try #require(server.provider)
        do { try await body(server, provider) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    func askOAuthStart(
        _ provider: String = "GOOGLE",
        intent: String = "SIGN_IN",
        returnTo: String = returnAddress,
        token: String? = nil
    ) throws -> APIAnswer {
        try ask(
            """
            mutation ($in: OAuthStartInput!) { oauthStart(input: $in) {
                authorizationUrl state expiresAt userErrors { code path message }
            } }
            """,
            ["in": ["provider": provider, "redirectUri": returnTo, "intent": intent]],
            token: token
        )
    }

    func startOAuth(
        _ provider: String = "GOOGLE",
        intent: String = "SIGN_IN",
        token: String? = nil
    ) throws -> TestAttempt {
        let answer = try askOAuthStart(provider, intent: intent, token: token)
        return TestAttempt(
            state: try #require(answer["data.oauthStart.state"], "\(answer.text)"),
            address: try #require(answer["data.oauthStart.authorizationUrl"])
        )
    }

    func askOAuthComplete(_ state: String, _ code: String, token: String? = nil) throws -> APIAnswer {
        try ask(
            """
            mutation ($in: OAuthCompleteInput!) { oauthComplete(input: $in) {
                outcome { __typename ... on MfaChallenge { challengeToken }
                    ... on SignInSuccess { \(tokenFields) viewer { email emailVerified user { username displayName }
                        authentication { method session { deviceName } } } } }
                identity { provider email } userErrors { code message path }
            } }
            """,
            ["in": ["state": state, "code": code, "deviceName": "phone"]],
            token: token
        )
    }

    /// The whole way, with a provider that agrees.
    func signInBy(
        _ provider: String = "GOOGLE",
        intent: String = "SIGN_IN",
        token: String? = nil
    ) throws -> APIAnswer {
        let attempt = try startOAuth(provider, intent: intent, token: token)
        let browser = TestBrowser(self)
        let there = try #require(try browser.open(attempt.address)["location"])
        let back = try browser.open(try #require(self.provider).agree(at: there))
        #expect(back["location"]?.hasPrefix(returnAddress + "?code=") == true, "\(back)")
        return try askOAuthComplete(attempt.state, try #require(back.query()["code"]), token: token)
    }
}
