import Actions
import PostgresClient
import Testing

@testable import Credentials

/// Tokens of identity that must not be believed.
@Suite(.timeLimit(.minutes(3))) struct IDTokenTests {
    private func codes(
        _ server: APIServer,
        _ provider: TestProvider,
        _ change: (inout TestProvider.Conduct) -> Void
    ) throws -> [String] {
        provider.behave { conduct in
            conduct = TestProvider.Conduct()
            change(&conduct)
        }
        return try server.signInBy().codes("oauthComplete")
    }

    @Test func `only a token that the provider has signed for us, now and for this way, lets somebody in`() async throws
    {
        try await APIServer.withProvider { server, provider async throws in
            let now = Double(server.identity.now.microseconds) / 1_000_000
            let rejected = ["OAUTH_REJECTED"]
            let claims: [[String: JSONValue]] = [
                ["aud": .string("somebody else")], ["aud": .null], ["aud": .list([])],
                ["iss": .string("https://evil.example")], ["iss": .string(provider.issuer + "/")], ["iss": .null],
                ["exp": .number(now - 61)], ["exp": .null], ["exp": .string("9999999999")],
                ["iat": .number(now - 3_600)], ["iat": .number(now + 3_600)], ["iat": .null],
                ["nbf": .number(now + 3_600)], ["nonce": .string("another")], ["nonce": .null],
                ["sub": .null], ["sub": .string("")], ["sub": .number(1)],
                ["sub": .string(String(repeating: "x", count: 256))],
                ["aud": .list([.string(TestProvider.clientID), .string("another")])],
                ["azp": .string("another")],
            ]
            for wrong in claims {
                #expect(try codes(server, provider) { $0.claims = wrong } == rejected, "\(wrong)")
            }
            for signature in [TestProvider.Signature.none, .foreign, .hmac] {
                #expect(try codes(server, provider) { $0.signature = signature } == rejected, "\(signature)")
            }
            // A key of another kind, and one that is not listed.
            #expect(try codes(server, provider) { $0.key = "elliptic" } == rejected)
            #expect(try codes(server, provider) { $0.key = "unknown" } == rejected)
            #expect(try server.sql("SELECT count(*) FROM users") == "0")
            #expect(try server.sql("SELECT count(*) FROM auth_sessions") == "0")
            #expect(try codes(server, provider) { _ in } == [])
            let several: JSONValue = .list([.string(TestProvider.clientID), .string("another")])
            let isForUs: [String: JSONValue] = ["aud": several, "azp": .string(TestProvider.clientID)]
            #expect(try codes(server, provider) { $0.claims = isForUs } == [])
            // There is one key for RS256, so its name may be left out.
            #expect(try codes(server, provider) { $0.key = nil } == [])
        }
    }

    /// https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowTokenValidation
    @Test func `a token that tells of an access token came with that one`() async throws {
        try await APIServer.withProvider { server, provider async throws in
            let hash = Base64URL.encode(Digest.sha256("an access token".utf8).prefix(16))
            #expect(try codes(server, provider) { $0.claims = ["at_hash": .string(hash)] } == [])
            #expect(try codes(server, provider) { $0.accessToken = nil } == [])
            let whole = Base64URL.encode(Digest.sha256("an access token".utf8))
            for wrong: JSONValue in [
                .string(""), .string(whole), .string(hash + "="), .number(1), .list([.string(hash)]),
            ] {
                #expect(
                    try codes(server, provider) { $0.claims = ["at_hash": wrong] } == ["OAUTH_REJECTED"],
                    "\(wrong)"
                )
            }
            for access in [nil, "", "another"] {
                let answer = try codes(server, provider) {
                    $0.claims = ["at_hash": .string(hash)]
                    $0.accessToken = access
                }
                #expect(answer == ["OAUTH_REJECTED"])
            }
        }
    }

    @Test func `a confirmed address is one that the token says is confirmed`() async throws {
        try await APIServer.withProvider { server, provider async throws in
            for value: JSONValue in [.boolean(false), .null, .string("false"), .string("true"), .number(1)] {
                #expect(try codes(server, provider) { $0.claims = ["email_verified": value] } == ["EMAIL_UNVERIFIED"])
            }
            for email: JSONValue in [.null, .string(""), .string("ida"), .string("a\u{0}@b.example"), .number(1)] {
                #expect(
                    try codes(server, provider) { $0.claims = ["email": email] } == ["EMAIL_UNVERIFIED"],
                    "\(email)"
                )
            }
        }
    }

    @Test func `keys are kept, and asked for again where one is new, but not more than once a minute`() async throws {
        try await APIServer.withProvider { server, provider async throws in
            #expect(try codes(server, provider) { _ in } == [])
            #expect(try codes(server, provider) { _ in } == [])
            #expect(provider.count("/keys") == 1 && provider.count("/.well-known/openid-configuration") == 1)
            for _ in 0..<3 {
                #expect(try codes(server, provider) { $0.key = "unknown" } == ["OAUTH_REJECTED"])
            }
            #expect(provider.count("/keys") == 1)
            server.pass(seconds: 61)
            // The provider has taken another key since.
            func rotated(_ conduct: inout TestProvider.Conduct) {
                (conduct.key, conduct.listedKey) = ("second", "second")
            }
            #expect(try codes(server, provider, rotated) == [])
            #expect(provider.count("/keys") == 2)
            #expect(try codes(server, provider) { $0.key = "first" } == ["OAUTH_REJECTED"])
            #expect(provider.count("/keys") == 2)
            server.pass(seconds: 3_601)
            #expect(try codes(server, provider, rotated) == [])
            #expect(provider.count("/keys") == 3 && provider.count("/.well-known/openid-configuration") == 2)
        }
    }

    @Test func `a name that nobody should see is none`() async throws {
        try await APIServer.withProvider { server, provider async throws in
            let names: [JSONValue] = [
                .string("Ida\u{202e}!"), .string("Ida\r\nBcc: x"), .string("  "), .null,
                .string(String(repeating: "x", count: 5_000)),
            ]
            for (number, name) in names.enumerated() {
                let claims: [String: JSONValue] = [
                    "sub": .string("\(number)"), "email": .string("a\(number)@example.org"), "name": name,
                ]
                #expect(try codes(server, provider) { $0.claims = claims } == [])
                let shown = try #require(
                    try server.sql("SELECT name FROM users WHERE email = 'a\(number)@example.org'")
                )
                let isKept = shown == String(repeating: "x", count: 80)
                #expect(isKept == (number == 4) && (isKept || shown.hasPrefix("a\(number)_")), "\(shown)")
            }
        }
    }
}
