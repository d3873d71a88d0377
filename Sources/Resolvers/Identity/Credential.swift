package import Actions
internal import GraphQLEngine
package import PostgresClient

/// What a request shows of who sends it; looked up when a field asks, once for the request.
package struct Credential: Sendable {
    /// The access token, as it came.
    package let accessToken: String?
    /// When it came: of a socket that is long after, the beginning.
    package let shownAt: Timestamp
    package let client: ClientInfo
    /// The header of a request for one thing that is to be done once.
    package let idempotencyKey: String?
    /// Nil where no cookies are shown and none asked for.
    package let cookies: TokenCookieExchange?

    package init(
        accessToken: String?,
        shownAt: Timestamp,
        client: ClientInfo,
        idempotencyKey: String? = nil,
        cookies: TokenCookieExchange? = nil
    ) {
        self.idempotencyKey = idempotencyKey
        self.cookies = cookies
        self.accessToken = accessToken
        self.shownAt = shownAt
        self.client = client
    }

    /// Nil where there is none, or a key in its place.
    var shownToken: ShownToken? {
        accessToken.flatMap { IdentityServices.isAPIKey($0) ? nil : ShownToken($0, at: shownAt) }
    }
}

extension RequestContext {
    /// Who is signed in. A token that is dead is as good as none.
    func principal() async throws -> Principal? {
        guard let identity, let credential, let token = credential.accessToken else { return nil }
        if let shown = shownToken { return try await identity.principal(shown) }
        switch try await identity.principal(apiKey: token, from: credential.client.address) {
        case .success(let principal): return principal
        case .failure(let refusal):
            noteOnce(refusal)
            return nil
        }
    }

    /// Who is signed in, where somebody must be.
    func signedIn() async throws -> Principal {
        guard let principal = try await principal() else { throw AccessRefusal.unauthenticated }
        return principal
    }

    /// The services of identity, where there is a database.
    func identityServices() throws -> (services: IdentityServices, client: ClientInfo) {
        guard let identity, let credential else { throw AccessRefusal.unavailable }
        return (identity, credential.client)
    }
}
