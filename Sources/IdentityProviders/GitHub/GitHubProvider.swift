internal import Credentials
package import OutboundHTTP

/// GitHub, which has OAuth 2 without tokens of identity: who somebody is, is asked by an access token that is used for that
/// and forgotten. https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
package struct GitHubProvider: IdentityProvider {
    package struct Options: Sendable {
        package var clientID: String
        package var clientSecret: String
        /// Where people sign in.
        package var site = "https://github.com"
        /// Where programs ask.
        package var api = "https://api.github.com"
        package var deadline = Duration.seconds(5)

        package init(clientID: String, clientSecret: String) {
            self.clientID = clientID
            self.clientSecret = clientSecret
        }
    }

    private let options: Options
    private let client: ProviderClient

    package init(_ options: Options, _ client: OutboundClient) {
        self.options = options
        self.client = ProviderClient(
            client: client,
            configured: [options.site, options.api],
            deadline: options.deadline
        )
    }

    package func prepare(atSeconds now: Double) {}

    package func isIssuer(_ issuer: String) -> Bool { issuer == options.site + "/login/oauth" }

    package func authorizationURL(for round: BrowserRound, atSeconds now: Double) -> String {
        FormText.address(
            options.site + "/login/oauth/authorize",
            with: [
                ("client_id", options.clientID), ("redirect_uri", round.redirectURI), ("scope", "read:user user:email"),
                ("state", round.state), ("code_challenge", round.challenge), ("code_challenge_method", "S256"),
            ]
        )
    }

    package func identity(
        for code: String,
        of round: BrowserRound,
        atSeconds now: Double
    ) async throws(ProviderFault) -> ProvidedIdentity {
        let fields = [
            ("authorization", "Bearer " + (try await accessToken(for: code, of: round))),
            ("x-github-api-version", "2022-11-28"),
        ]
        let user = try await client.get(options.api + "/user", fields: fields)
        let emails = try await client.get(options.api + "/user/emails", fields: fields)
        guard user.status == 200, emails.status == 200, let about = user.json?.object,
            let addresses = emails.json?.list
        else { throw .unavailable("no user") }
        // Names are given to others once they are free; numbers are not.
        guard let id = about["id"]?.number.flatMap({ Int64(exactly: $0) }), id > 0 else {
            throw .untrusted("a user without a number")
        }
        return ProvidedIdentity(
            subject: String(id),
            email: Self.confirmedAddress(in: addresses),
            name: ProviderText.name(about["name"]?.string ?? about["login"]?.string)
        )
    }

    private func accessToken(for code: String, of round: BrowserRound) async throws(ProviderFault) -> String {
        let answer = try await client.post(
            options.site + "/login/oauth/access_token",
            form: [
                ("client_id", options.clientID), ("client_secret", options.clientSecret), ("code", code),
                ("redirect_uri", round.redirectURI), ("code_verifier", round.verifier),
            ],
            fields: []
        )
        // Refusals have the status 200 here.
        if answer.error == "bad_verification_code" { throw .refused("bad_verification_code") }
        guard answer.status == 200, let token = answer.json?.object?["access_token"]?.string,
            (1...1_024).contains(token.utf8.count), token.utf8.allSatisfy({ (0x21..<0x7f) ~= $0 })
        else { throw .unavailable(answer.error ?? "no token") }
        return token
    }

    /// The one that GitHub writes to, if it was confirmed.
    private static func confirmedAddress(in addresses: [JSONValue]) -> String? {
        let primary = addresses.compactMap(\.object).first {
            $0["primary"]?.boolean == true && $0["verified"]?.boolean == true
        }
        return ProviderText.email(primary?["email"]?.string)
    }
}
