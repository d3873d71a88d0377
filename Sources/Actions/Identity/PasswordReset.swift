internal import Credentials
internal import Data
internal import PostgresClient

/// Sends a mail by which somebody can choose a new password. Whether there is an account is told by the mail alone: the
/// answer and the work are the same.
package struct PasswordResetRequest {
    private let services: IdentityServices
    private let client: ClientInfo

    package init(_ services: IdentityServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    package func run(email text: String) async throws -> Result<Void, AccountFaults> {
        let limit = services.options.mailsPerHour
        try await services.limit("reset_request", by: client.limitKey, limit, perSeconds: 3_600)
        let email = VisibleText.trimmed(text).lowercased()
        guard AccountNames.isEmail(email) else {
            return .failure(AccountFaults(.invalidInput, ["email"], "Must be an e-mail address."))
        }
        // Nobody's mailbox is filled from many addresses either. The table holds no address.
        let key = Base64URL.encode(Digest.sha256(Array(email.utf8)))
        try await services.limit("reset_mail", by: key, limit, perSeconds: 3_600)
        let found = try await services.database.session.credentials(identifier: email)?.user.id
        try await services.database.pool.transaction { transaction in
            let mail = NewMail.passwordReset(to: found ?? services.newID())
            try await MailOutbox(services).add(mail, in: transaction)
            try await transaction.record(
                NewAuditEntry("account.password_reset_request", .succeeded, by: found, from: client)
            )
        }
        return .success(())
    }
}

/// Sets a new password by the token of a mail. All sessions and keys of programs end, and so does what waits, a change of
/// address above all: whoever had the old password is out, and so is what they have made.
package struct PasswordReset {
    /// How many have ended.
    package struct Ended: Sendable {
        package let sessions: Int
        package let keys: Int
    }

    package enum Failure: Error, Sendable, Equatable {
        case token(LinkTokenFault)
        case faults(AccountFaults)
    }

    private let services: IdentityServices
    private let client: ClientInfo

    package init(_ services: IdentityServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    package func run(token text: String, newPassword: String) async throws -> Result<Ended, Failure> {
        try await services.limitTokens(from: client)
        guard let token = OpaqueToken(text, .passwordReset) else { return .failure(.token(.invalid)) }
        // A password that is refused does not use up the token.
        if let failure = try await objection(to: newPassword, token) { return .failure(failure) }
        let hash = try await services.hasher.hash(newPassword)
        let outcome: Result<(sessions: [UUID], keys: [String]), Failure> = try await services.database.pool.transaction
        { transaction in
            let found: OneTimeToken
            switch try await services.lock(token, .passwordReset, in: transaction) {
            case .success(let token): found = token
            case .failure(let fault): return .failure(.token(fault))
            }
            guard let email = found.email,
                try await transaction.resetPassword(hash, of: found.user, provenEmail: email)
            else { return .failure(.token(.invalid)) }
            try await transaction.spendOneTimeTokens(of: found.user, .passwordReset)
            try await transaction.endWhatWaits(of: found.user)
            try await transaction.forgetSignInFailures(SignIn.lockKeys(found.user, "", client))
            let keys = try await transaction.revokeAllAPIKeys(of: found.user)
            let ended = try await transaction.revokeAllSessions(
                of: found.user,
                except: nil,
                reason: "PASSWORD_RESET"
            )
            try await transaction.record(
                NewAuditEntry(
                    "account.password_reset",
                    .succeeded,
                    by: found.user,
                    from: client,
                    changes: [AuditChange("apiKeys", String(keys.count), "0")]
                )
            )
            let linked = try await transaction.oauthIdentities(of: [found.user]).map(\.providerName)
            let mail = NewMail.passwordChanged(to: found.user, revokedKeys: keys.count, livingKeys: 0, linked: linked)
            try await MailOutbox(services).add(mail, in: transaction)
            return .success((ended, keys))
        }
        if case .success(let ended) = outcome {
            services.directory.forget(ended.sessions)
            services.keys.forget(ended.keys)
        }
        return outcome.map { Ended(sessions: $0.sessions.count, keys: $0.keys.count) }
    }

    private func objection(to password: String, _ token: OpaqueToken) async throws -> Failure? {
        let locked = try await services.database.pool.transaction {
            try await services.lock(token, .passwordReset, in: $0)
        }
        switch locked {
        case .failure(let fault): return .token(fault)
        case .success(let found):
            let user = try await services.database.session.users([found.user]).first
            let names = [user?.email, user?.name, user?.username].compactMap { $0 }
            return PasswordRules.weakness(of: password, names: names).map {
                .faults(AccountFaults(AccountNames.fault($0, "newPassword")))
            }
        }
    }
}
