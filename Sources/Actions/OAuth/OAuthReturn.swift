internal import Credentials
package import Data
internal import IdentityProviders
internal import PostgresClient

/// Takes a browser back from a provider, asks that who its user is, and leads it to whoever began this.
package struct OAuthReturn {
    private let services: OAuthServices
    private let client: ClientInfo

    package init(_ services: OAuthServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    /// Where the browser goes. Nil for one that was not sent there, not lately, or has come back before: nothing says where
    /// it should go then.
    ///
    /// - Parameter answer: what the provider has put into the address.
    package func run(
        _ kind: OAuthProviderKind,
        _ answer: [String: String],
        browser known: String?
    ) async throws -> String? {
        guard let provider = services.provider(kind),
            let returning = answer["state"].flatMap({ OpaqueToken($0, .oauthReturn) }),
            let browser = known.flatMap({ OpaqueToken($0, .oauthBrowser) })
        else { return nil }
        try await services.limit(from: client)
        let handOver = OAuthHandOver(services: services, kind: kind, returning: returning, browser: browser)
        guard let attempt = try await handOver.take() else { return nil }
        let round = services.round(kind, returning, browser, attempt)
        return try await handOver.end(identity(kind, provider, answer, round), of: attempt)
    }

    private func identity(
        _ kind: OAuthProviderKind,
        _ provider: any IdentityProvider,
        _ answer: [String: String],
        _ round: BrowserRound
    ) async -> OAuthHandOver.Outcome {
        // https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
        if let error = answer["error"] {
            let isBusy = ["server_error", "temporarily_unavailable"].contains(error)
            return .failure(isBusy ? "UNAVAILABLE" : "DENIED")
        }
        do throws(ProviderFault) {
            if let issuer = answer["iss"], !provider.isIssuer(issuer) { throw .untrusted("sent back by another") }
            guard let code = answer["code"], (1...2_048).contains(code.utf8.count) else { throw .refused("no code") }
            return .success(try await provider.identity(for: code, of: round, atSeconds: services.identity.seconds))
        } catch {
            services.note(error, of: kind)
            return .failure(error.keptWord)
        }
    }
}

/// The end of a browser's way: what came of it waits under a code, which the browser takes to whoever began it.
struct OAuthHandOver {
    /// Who it is, or the word for why that is not known.
    enum Outcome: Sendable {
        case success(ProvidedIdentity)
        case failure(String)
    }

    let services: OAuthServices
    let kind: OAuthProviderKind
    let returning: OpaqueToken
    let browser: OpaqueToken

    /// Once, and for this browser alone.
    func take() async throws -> OAuthAttemptRow? {
        let now = services.identity.now
        return try await services.identity.database.pool.transaction { transaction in
            try await transaction.returnToOAuthAttempt(
                returnHash: returning.hash,
                kind,
                browserHash: browser.hash,
                at: now
            )
        }
    }

    func end(_ outcome: Outcome) async throws -> String? {
        guard let attempt = try await take() else { return nil }
        return try await end(outcome, of: attempt)
    }

    func end(_ outcome: Outcome, of attempt: OAuthAttemptRow) async throws -> String {
        let code = OpaqueToken.random(.oauthCode)
        try await services.identity.database.pool.transaction { transaction in
            let (identity, fault): (ProvidedIdentity?, String?) =
                switch outcome {
                case .success(let identity): (identity, nil)
                case .failure(let word): (nil, word)
                }
            try await transaction.handOverOAuthAttempt(
                returnHash: returning.hash,
                codeHash: code.hash,
                fault: fault,
                subject: identity?.subject,
                email: identity?.email,
                // PostgreSQL's text has no zero.
                name: identity?.name.map { name in String(name.filter { $0 != "\0" }) }
            )
        }
        return FormText.address(attempt.returnTo, with: [("code", code.text)])
    }
}
