internal import Credentials
internal import Data
internal import PostgresClient

/// Replaces a password, by whoever knows the old one. All other sessions end, and what waits, such as a change of address. Keys
/// of programs go on, as most change a password for other reasons than a stranger; the mail says how many there are.
package struct PasswordChange {
    package enum Failure: Error, Sendable, Equatable {
        case proof(SignIn.Failure)
        case faults(AccountFaults)
    }

    private let proof: PasswordProof

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        proof = PasswordProof(services: services, principal: principal, client: client)
    }

    /// How many sessions have ended.
    package func run(current: String, new: String) async throws -> Result<Int, Failure> {
        let proved: String
        switch try await proof.check(current, "password.change") {
        case .success(let hash): proved = hash
        case .failure(let failure): return .failure(.proof(failure))
        }
        let (services, user) = (proof.services, proof.principal.user)
        let names = [user.email ?? "", user.name, user.username]
        if let weakness = PasswordRules.weakness(of: new, names: names) {
            return .failure(.faults(AccountFaults(AccountNames.fault(weakness, "newPassword"))))
        }
        let hash = try await services.hasher.hash(new)
        let current = try proof.principal.session.id
        let ended: [UUID]? = try await services.database.pool.transaction { transaction in
            try await transaction.hold(proof.principal)
            guard try await transaction.holdPassword(proved, of: user.id) else { return nil }
            try await transaction.setPasswordHash(hash, of: user.id)
            try await transaction.spendOneTimeTokens(of: user.id, .passwordReset)
            try await transaction.endWhatWaits(of: user.id)
            let ended = try await transaction.revokeAllSessions(
                of: user.id,
                except: current,
                reason: "PASSWORD_CHANGED"
            )
            try await transaction.record(
                NewAuditEntry("password.change", .succeeded, by: user.id, from: proof.client)
            )
            let mail = NewMail.passwordChanged(
                to: user.id,
                revokedKeys: 0,
                livingKeys: try await transaction.livingAPIKeys(of: user.id),
                linked: try await transaction.oauthIdentities(of: [user.id]).map(\.providerName)
            )
            try await MailOutbox(services).add(mail, in: transaction)
            return ended
        }
        // Somebody has replaced it while this one was looked at.
        guard let ended else { return .failure(.proof(.invalidCredentials)) }
        services.directory.forget(ended)
        return .success(ended.count)
    }
}
