internal import Credentials
package import Data
internal import IdentityProviders
internal import PostgresClient

/// Ends what `OAuthStart` has begun: signs somebody in, makes their account, or links one.
package struct OAuthComplete {
    package enum Outcome: Sendable {
        case signedIn(SignInOutcome)
        case linked(OAuthIdentityRow)
    }

    private struct Done: Sendable {
        let result: Result<Outcome, OAuthFaults>
        var ended: [UUID] = []
    }

    private let services: OAuthServices
    private let client: ClientInfo

    package init(_ services: OAuthServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    /// Both secrets are good once, together: the one of whoever began it and the one that the browser has brought back.
    ///
    /// - Parameter principal: who asks; of use for linking only.
    package func run(
        state stateText: String,
        code codeText: String,
        deviceName: String?,
        as principal: Principal?
    ) async throws -> Result<Outcome, OAuthFaults> {
        try await services.limit(from: client)
        guard let state = OpaqueToken(stateText, .oauthState), let code = OpaqueToken(codeText, .oauthCode) else {
            return .failure(OAuthFaults(.stateInvalid))
        }
        let identity = services.identity
        let isOpen = try await identity.registrationIsOpen()
        let name = deviceName.map { ClientInfo.visible($0, limit: 80) }
        let done: Done = try await identity.database.pool.transaction { transaction in
            guard
                let found = try await transaction.takeOAuthAttempt(stateHash: state.hash, codeHash: code.hash),
                found.expiresAt > identity.now
            else { return try await refused(.stateInvalid, "session.oauth", principal?.user.id, in: transaction) }
            let isLink = found.intent == OAuthPurpose.link.rawValue
            do {
                if let word = found.fault { throw OAuthFault(kept: word) }
                guard let subject = found.subject else { throw OAuthFault.stateInvalid }
                let provided = ProvidedIdentity(subject: subject, email: found.email, name: found.name)
                return try await transaction.savepoint { transaction in
                    if isLink {
                        guard let principal, principal.user.id == found.userID, case .session = principal.proof else {
                            throw OAuthFault.stateInvalid
                        }
                        try await transaction.hold(principal)
                        let linked = try await OAuthLink(services: identity, client: client)
                            .run(found.provider, provided, principal.user.id, in: transaction)
                        return Done(result: .success(.linked(linked)))
                    }
                    let started = try await OAuthSignIn(services: identity, client: client, mayRegister: isOpen)
                        .run(found.provider, provided, deviceName: name, in: transaction)
                    return Done(result: .success(.signedIn(started.outcome)), ended: started.ended)
                }
            } catch let fault as OAuthFault {
                let known = try await transaction.oauthIdentity(found.provider, subject: found.subject ?? "")?.userID
                // That nobody may make an account is written down with the error that says so.
                guard fault.code != .registrationClosed else { return Done(result: .failure(OAuthFaults(fault))) }
                let action = isLink ? "account.oauth_link" : "session.oauth"
                return try await refused(fault, action, isLink ? found.userID : known, in: transaction)
            }
        }
        identity.directory.forget(done.ended)
        return done.result
    }

    private func refused(
        _ fault: OAuthFault,
        _ action: String,
        _ user: UUID?,
        in transaction: Transaction
    ) async throws -> Done {
        try await transaction.record(
            NewAuditEntry(action, .refused, by: user, from: client, errorCode: fault.code.rawValue)
        )
        return Done(result: .failure(OAuthFaults(fault)))
    }
}
