internal import Credentials
package import OutboundHTTP

/// A provider that speaks OpenID Connect, such as Google: https://openid.net/specs/openid-connect-core-1_0.html
package struct OpenIDProvider: IdentityProvider {
    package struct Options: Sendable {
        /// Its address, below which it describes itself.
        package var issuer: String
        package var clientID: String
        package var clientSecret: String
        package var deadline = Duration.seconds(5)

        package init(issuer: String, clientID: String, clientSecret: String) {
            self.issuer = issuer
            self.clientID = clientID
            self.clientSecret = clientSecret
        }
    }

    private let options: Options
    private let client: ProviderClient
    private let metadata = RecentDocument<OpenIDMetadata>()
    private let keys = RecentDocument<[SignatureKey]>()

    package init(_ options: Options, _ client: OutboundClient) {
        self.options = options
        self.client = ProviderClient(client: client, configured: [options.issuer], deadline: options.deadline)
    }

    package func prepare(atSeconds now: Double) async throws(ProviderFault) { _ = try await metadata(atSeconds: now) }

    package func isIssuer(_ issuer: String) -> Bool { issuer == options.issuer }

    package func authorizationURL(
        for round: BrowserRound,
        atSeconds now: Double
    ) async throws(ProviderFault) -> String {
        FormText.address(
            try await metadata(atSeconds: now).authorizationEndpoint,
            with: [
                ("response_type", "code"), ("client_id", options.clientID), ("redirect_uri", round.redirectURI),
                ("scope", "openid email profile"), ("state", round.state), ("nonce", round.nonce),
                ("code_challenge", round.challenge), ("code_challenge_method", "S256"),
            ]
        )
    }

    package func identity(
        for code: String,
        of round: BrowserRound,
        atSeconds now: Double
    ) async throws(ProviderFault) -> ProvidedIdentity {
        let metadata = try await metadata(atSeconds: now)
        let tokens = try await tokens(for: code, of: round, metadata)
        let claims = try await verified(tokens.id, metadata, now)
        return try IDTokenClaims(
            claims,
            clientID: options.clientID,
            accessToken: tokens.access,
            round: round,
            atSeconds: now
        ).identity
    }

    private func metadata(atSeconds now: Double) async throws(ProviderFault) -> OpenIDMetadata {
        try await metadata.value(atSeconds: now) { () async throws(ProviderFault) in
            let answer = try await client.get(options.issuer + "/.well-known/openid-configuration")
            guard answer.status == 200 else { throw .unavailable("no discovery document") }
            return try OpenIDMetadata(answer.json, issuer: options.issuer)
        }
    }

    /// https://openid.net/specs/openid-connect-core-1_0.html#TokenEndpoint
    private func tokens(
        for code: String,
        of round: BrowserRound,
        _ metadata: OpenIDMetadata
    ) async throws(ProviderFault) -> (id: String, access: String?) {
        // https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
        let pair = "\(FormText.encoded(options.clientID)):\(FormText.encoded(options.clientSecret))"
        let answer = try await client.post(
            metadata.tokenEndpoint,
            form: [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", round.redirectURI),
                ("code_verifier", round.verifier),
            ],
            fields: [("authorization", "Basic " + Base64.encode(Array(pair.utf8)))]
        )
        if answer.error == "invalid_grant" { throw .refused("invalid_grant") }
        guard answer.status == 200, let token = answer.json?.object?["id_token"]?.string else {
            throw .unavailable(answer.error ?? "no token")
        }
        return (token, answer.json?.object?["access_token"]?.string)
    }

    private func verified(
        _ token: String,
        _ metadata: OpenIDMetadata,
        _ now: Double
    ) async throws(ProviderFault) -> [String: JSONValue] {
        let known = try await keys.value(atSeconds: now) { () async throws(ProviderFault) in
            try await fetchedKeys(metadata)
        }
        do throws(TokenRefusal) { return try verifier(known).verify(token, atSeconds: now).claims } catch {
            // A key that is not known may be a new one. Without a name for its key, a token may be of one as well.
            guard error == .unknownKey || error == .badSignature else { throw .untrusted("token \(error)") }
            let newer = try await keys.newer(atSeconds: now) { () async throws(ProviderFault) in
                try await fetchedKeys(metadata)
            }
            guard let newer else { throw .untrusted("token \(error)") }
            do throws(TokenRefusal) { return try verifier(newer).verify(token, atSeconds: now).claims } catch {
                throw .untrusted("token \(error)")
            }
        }
    }

    private func fetchedKeys(_ metadata: OpenIDMetadata) async throws(ProviderFault) -> [SignatureKey] {
        let answer = try await client.get(metadata.keysAddress)
        guard answer.status == 200 else { throw .unavailable("no keys") }
        return try OpenIDKeys.read(answer.json)
    }

    private func verifier(_ keys: [SignatureKey]) -> TokenVerifier {
        TokenVerifier(
            issuer: options.issuer,
            audience: options.clientID,
            keys: keys,
            skewSeconds: IDTokenClaims.skewSeconds,
            namesOptional: true
        )
    }
}
