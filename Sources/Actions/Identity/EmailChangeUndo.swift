internal import Credentials
internal import Data
internal import PostgresClient

/// Gives an account its former address back, by the token of the mail that told of the change. Whoever changed it knew how to
/// get in: the password counts no more, sessions, keys of programs and what waits end, and so do the ways in that were added
/// since, or not long before. A mail lets whoever reads the address choose a new password.
///
/// Of several changes the older one wins: it ends the links of those after it, and when one of them is used, its own is good for
/// as long again.
package struct EmailChangeUndo {
    package typealias Ended = PasswordReset.Ended

    private struct Done: Sendable {
        let sessions: [UUID]
        let keys: [String]
    }

    private let services: IdentityServices
    private let client: ClientInfo

    package init(_ services: IdentityServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    package func run(token text: String) async throws -> Result<Ended, LinkTokenFault> {
        let outcome: Result<Done, LinkTokenFault> = try await services.redeem(text, .emailUndo, from: client) {
            found,
            transaction in
            // Whatever address it has by now: it may have been changed more than once.
            let old = try await transaction.credentials(user: found.user)?.user
            guard let email = found.email, try await transaction.restoreEmail(email, of: found.user) else {
                try await record(.refused, of: found.user, errorCode: "EMAIL_TAKEN", in: transaction)
                return .failure(.invalid)
            }
            let done = try await end(of: found, in: transaction)
            if let left = old?.email, old?.emailVerifiedAt != nil, left.lowercased() != email.lowercased() {
                try await MailOutbox(services).add(.emailChangeUndone(of: found.user, to: left), in: transaction)
            }
            return .success(done)
        }
        if case .success(let done) = outcome {
            services.directory.forget(done.sessions)
            services.keys.forget(done.keys)
        }
        return outcome.map { Ended(sessions: $0.sessions.count, keys: $0.keys.count) }
    }

    private func end(of token: OneTimeToken, in transaction: Transaction) async throws -> Done {
        let user = token.user
        try await transaction.endWhatWaits(of: user)
        try await transaction.spendOneTimeTokens(of: user, .emailVerification, .passwordReset)
        try await transaction.spendUndoTokens(of: user, from: token.number)
        let end = services.time(afterSeconds: OneTimePurpose.emailUndo.seconds)
        try await transaction.extendUndoTokens(of: user, before: token.number, until: end, at: services.clock())
        let sessions = try await transaction.revokeAllSessions(of: user, except: nil, reason: "EMAIL_CHANGE_UNDONE")
        let keys = try await transaction.revokeAllAPIKeys(of: user)
        let removed = try await transaction.removeWaysIn(of: user, addedSince: EmailChangeUndo.doubted(token))
        let linked = removed.linked.map { OAuthProviderKind(rawValue: $0)?.name ?? $0 }
        try await record(
            .succeeded,
            of: user,
            changes: [
                AuditChange(secret: "email"), AuditChange(secret: "password"),
                AuditChange("apiKeys", String(keys.count), "0"),
                AuditChange("oauthIdentities", linked.isEmpty ? nil : linked.joined(separator: ", "), nil),
                AuditChange("removedFactors", nil, removed.factors.isEmpty ? nil : String(removed.factors.count)),
            ],
            in: transaction
        )
        let restored = RestoredAccount(
            sessions: sessions.count,
            keys: keys.count,
            linked: linked.joined(separator: ", "),
            factors: removed.factors.map { "“\($0)”" }.joined(separator: ", ")
        )
        try await MailOutbox(services).add(.passwordReset(to: user, after: restored), in: transaction)
        return Done(sessions: sessions, keys: keys)
    }

    /// From when on what was added may be a thief's: who takes an account over makes ways in before they change its address.
    private static func doubted(_ token: OneTimeToken) -> Timestamp {
        Timestamp(microseconds: token.madeAt.microseconds - OneTimePurpose.emailUndo.seconds * 1_000_000)
    }

    private func record(
        _ outcome: NewAuditEntry.Outcome,
        of user: UUID,
        errorCode: String? = nil,
        changes: [AuditChange?] = [],
        in transaction: Transaction
    ) async throws {
        try await transaction.record(
            NewAuditEntry(
                "account.email_change_undo",
                outcome,
                by: user,
                from: client,
                errorCode: errorCode,
                changes: changes
            )
        )
    }
}
