internal import Credentials
package import Data
internal import IdentityProviders
internal import PostgresClient

/// Sends a browser to a provider, with a secret of its own by which it is known when it comes back.
package struct OAuthBegin {
    package struct Departure: Sendable {
        package let address: String
        /// For the browser alone.
        package let browser: String
    }

    private let services: OAuthServices
    private let client: ClientInfo

    package init(_ services: OAuthServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    /// Nil where nothing was begun that waits for a browser.
    ///
    /// - Parameter browser: the secret that the browser has from a moment ago, so that two of its windows can be on their way.
    package func run(_ kind: OAuthProviderKind, ticket text: String, browser known: String?) async throws -> Departure?
    {
        guard let provider = services.provider(kind), let ticket = OpaqueToken(text, .oauthTicket) else { return nil }
        try await services.limit(from: client)
        let browser = known.flatMap { OpaqueToken($0, .oauthBrowser) } ?? OpaqueToken.random(.oauthBrowser)
        let returning = OpaqueToken.random(.oauthReturn)
        let now = services.identity.now
        let attempt = try await services.identity.database.pool.transaction { transaction in
            try await transaction.beginOAuthAttempt(
                ticketHash: ticket.hash,
                kind,
                browserHash: browser.hash,
                returnHash: returning.hash,
                at: now
            )
        }
        guard let attempt else { return nil }
        do throws(ProviderFault) {
            let round = services.round(kind, returning, browser, attempt)
            let address = try await provider.authorizationURL(for: round, atSeconds: services.identity.seconds)
            return Departure(address: address, browser: browser.text)
        } catch {
            services.note(error, of: kind)
            let handOver = OAuthHandOver(services: services, kind: kind, returning: returning, browser: browser)
            return try await handOver.end(.failure(error.keptWord)).map {
                Departure(address: $0, browser: browser.text)
            }
        }
    }
}
