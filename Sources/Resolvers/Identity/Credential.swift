package import Actions
internal import GraphQLEngine

/// What a request shows of who sends it; looked up when a field asks, once for the request.
package struct Credential: Sendable {
    /// The access token, as it came.
    package let accessToken: String?
    package let client: ClientInfo

    package init(accessToken: String?, client: ClientInfo) {
        self.accessToken = accessToken
        self.client = client
    }
}

extension RequestContext {
    /// Who is signed in. A token that is dead is as good as none.
    func principal() async throws -> Principal? {
        guard let identity, let token = credential?.accessToken else { return nil }
        return try await identity.principal(accessToken: token)
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
