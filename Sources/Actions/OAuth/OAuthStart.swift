internal import Credentials
package import Data
internal import IdentityProviders
package import PostgresClient

/// Begins to sign somebody in by an account elsewhere, or to link one.
package struct OAuthStart {
    package enum Intent: Sendable {
        case signIn
        /// With the account of whoever asks, who has proved within minutes who they are.
        case link(Principal)
    }

    /// Where a browser goes, and what whoever began it keeps until it is back.
    package struct Begun: Sendable {
        package let address: String
        package let state: String
        package let expiresAt: Timestamp
    }

    private let services: OAuthServices
    private let client: ClientInfo

    package init(_ services: OAuthServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    package func run(
        _ kind: OAuthProviderKind,
        returnTo: String,
        _ intent: Intent
    ) async throws -> Result<Begun, OAuthFaults> {
        try await services.limit(from: client)
        let user: UUID? = if case .link(let principal) = intent { principal.user.id } else { nil }
        guard let fault = await fault(kind, returnTo) else { return .success(try await insert(kind, returnTo, user)) }
        try await services.identity.database.pool.transaction { transaction in
            try await transaction.record(entry(.refused, kind, user, fault.code.rawValue))
        }
        return .failure(OAuthFaults(fault))
    }

    private func fault(_ kind: OAuthProviderKind, _ returnTo: String) async -> OAuthFault? {
        guard services.mayReturn(to: returnTo) else {
            return .invalid("redirectUri", "People are not led back to this address.")
        }
        guard let provider = services.provider(kind) else {
            return .invalid("provider", "Nobody signs in by this provider here.")
        }
        do throws(ProviderFault) { try await provider.prepare(atSeconds: services.identity.seconds) } catch {
            services.note(error, of: kind)
            return OAuthFault(kept: error.keptWord)
        }
        return nil
    }

    private func entry(
        _ outcome: NewAuditEntry.Outcome,
        _ kind: OAuthProviderKind,
        _ user: UUID?,
        _ code: String? = nil
    ) -> NewAuditEntry {
        let resource = NewAuditEntry.Resource(type: "OAuthIdentity", id: kind.rawValue)
        return NewAuditEntry("session.oauth_start", outcome, by: user, on: resource, from: client, errorCode: code)
    }

    private func insert(_ kind: OAuthProviderKind, _ returnTo: String, _ user: UUID?) async throws -> Begun {
        let state = OpaqueToken.random(.oauthState)
        let ticket = OpaqueToken.random(.oauthTicket)
        let now = services.identity.now
        let attempt = NewOAuthAttempt(
            stateHash: state.hash,
            ticketHash: ticket.hash,
            provider: kind,
            intent: user == nil ? .signIn : .link,
            userID: user,
            returnTo: returnTo,
            createdAt: now,
            expiresAt: Timestamp(microseconds: now.microseconds + OAuthServices.seconds * 1_000_000)
        )
        try await services.identity.database.pool.transaction { transaction in
            try await transaction.insertOAuthAttempt(attempt)
            try await transaction.record(entry(.initiated, kind, user))
        }
        // By way of this server, which gives the browser the cookie that it comes back with.
        let address = FormText.address(services.address(kind, "begin"), with: [("ticket", ticket.text)])
        return Begun(address: address, state: state.text, expiresAt: attempt.expiresAt)
    }
}

extension ProviderFault {
    /// How it is kept of an attempt.
    var keptWord: String {
        switch self {
        case .unavailable: "UNAVAILABLE"
        case .refused: "REFUSED"
        case .untrusted: "UNTRUSTED"
        }
    }
}
