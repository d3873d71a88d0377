import EventLoop
import OutboundHTTP
import Testing

/// Providers that are away, slow, or answer something else.
@Suite(.timeLimit(.minutes(3))) struct ProviderFaultTests {
    private static let paths = ["/.well-known/openid-configuration", "/token", "/keys"]

    /// What comes of a sign-in while something answers so.
    private func codes(
        _ server: APIServer,
        _ provider: TestProvider,
        _ path: String,
        _ answer: TestProvider.Answer
    ) throws -> [String] {
        provider.behave { $0.answers = [path: answer] }
        guard path == Self.paths[0] else { return try server.signInBy().codes("oauthComplete") }
        return try server.askOAuthStart().codes("oauthStart")
    }

    @Test(arguments: paths, [TestProvider.Answer.garbage, .huge, .failing, .redirect])
    func `whatever a provider answers, it is told and nobody is let in`(
        path: String,
        answer: TestProvider.Answer
    ) async throws {
        try await APIServer.withProvider { server, provider async throws in
            #expect(try codes(server, provider, path, answer) == ["PROVIDER_UNAVAILABLE"])
            #expect(try server.sql("SELECT count(*) FROM users") == "0")
            provider.behave { $0.answers = [:] }
            #expect(try server.signInBy().codes("oauthComplete") == [])
        }
    }

    @Test(arguments: paths)
    func `a provider that does not answer is waited for within bounds`(path: String) async throws {
        try await APIServer.withProvider(deadline: .milliseconds(300)) { server, provider async throws in
            let clock = ContinuousClock()
            let begin = clock.now
            #expect(try codes(server, provider, path, .slow) == ["PROVIDER_UNAVAILABLE"])
            #expect(clock.now - begin < .seconds(10))
        }
    }

    @Test func `a provider that is away is told of at once`() async throws {
        try await APIServer.withProvider { server, provider async throws in
            await provider.stop()
            #expect(try server.askOAuthStart().codes("oauthStart") == ["PROVIDER_UNAVAILABLE"])
        }
    }

    @Test func `one that fails again and again is left alone, and then asked by one`() async throws {
        var options = OutboundOptions()
        options.circuit.failures = 3
        options.circuit.opensFor = .milliseconds(300)
        try await APIServer.withProvider(outbound: options) { server, provider async throws in
            let path = Self.paths[0]
            for _ in 0..<6 { #expect(try codes(server, provider, path, .failing) == ["PROVIDER_UNAVAILABLE"]) }
            #expect(provider.count(path) == 3)
            #expect(await server.outbound.metrics().openCircuits == 1)
            provider.behave { $0.answers = [:] }
            // Asked again when its time is over, by a probe that closes the circuit.
            var last = ["PROVIDER_UNAVAILABLE"]
            for _ in 0..<200 where last != [] {
                last = try server.askOAuthStart().codes("oauthStart")
                if last != [] { try await Task.sleep(for: .milliseconds(20)) }
            }
            #expect(last == [] && provider.count(path) == 4)
            #expect(await server.outbound.metrics().openCircuits == 0)
            #expect(try server.signInBy().codes("oauthComplete") == [])
        }
    }

    @Test func `who comes back without a code is told why`() async throws {
        try await APIServer.withProvider { server, provider async throws in
            let ends = [
                ("error=temporarily_unavailable", "PROVIDER_UNAVAILABLE"), ("error=access_denied", "OAUTH_REJECTED"),
                ("error=%3Cscript%3E", "OAUTH_REJECTED"), ("code=", "OAUTH_REJECTED"), ("x=y", "OAUTH_REJECTED"),
                ("code=unknown", "OAUTH_REJECTED"), ("code=" + String(repeating: "x", count: 2_049), "OAUTH_REJECTED"),
            ]
            for (end, code) in ends {
                let attempt = try server.startOAuth()
                let browser = TestBrowser(server)
                let state = try #require(try browser.open(attempt.address).query()["state"])
                let page = try browser.open("https://api.example/auth/oauth/google/callback?state=\(state)&\(end)")
                let answer = try server.askOAuthComplete(attempt.state, try #require(page.query()["code"]))
                #expect(answer.codes("oauthComplete") == [code], "\(end)")
            }
            #expect(provider.count("/token") == 1)
        }
    }
}
