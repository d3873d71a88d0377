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
            let fault = AccountFault(code: .invalidInput, path: ["email"], message: "Must be an e-mail address.")
            return .failure(AccountFaults(all: [fault]))
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

/// Sets a new password by the token of a mail. All sessions end: whoever had the old password is out.
package struct PasswordReset {
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

    /// How many sessions have ended.
    package func run(token text: String, newPassword: String) async throws -> Result<Int, Failure> {
        try await services.limitTokens(from: client)
        guard let token = OpaqueToken(text, .passwordReset) else { return .failure(.token(.invalid)) }
        // A password that is refused does not use up the token.
        if let failure = try await objection(to: newPassword, token) { return .failure(failure) }
        let hash = try await services.hasher.hash(newPassword)
        let outcome: Result<[UUID], Failure> = try await services.database.pool.transaction { transaction in
            let found: OneTimeToken
            switch try await services.lock(token, .passwordReset, in: transaction) {
            case .success(let token): found = token
            case .failure(let fault): return .failure(.token(fault))
            }
            guard let email = found.email,
                try await transaction.resetPassword(hash, of: found.user, provenEmail: email)
            else { return .failure(.token(.invalid)) }
            try await transaction.spendOneTimeTokens(of: found.user, .passwordReset)
            let keys = SignIn.lockKeys(found.user, "", client)
            try await transaction.forgetSignInFailures(Array(keys.prefix(1)))
            let ended = try await transaction.revokeAllSessions(
                of: found.user,
                except: nil,
                reason: "PASSWORD_RESET"
            )
            try await transaction.record(
                NewAuditEntry("account.password_reset", .succeeded, by: found.user, from: client)
            )
            try await MailOutbox(services).add(.passwordChanged(to: found.user), in: transaction)
            return .success(ended)
        }
        if case .success(let ended) = outcome { services.directory.forget(ended) }
        return outcome.map(\.count)
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
                .faults(AccountFaults(all: [AccountNames.fault($0, "newPassword")]))
            }
        }
    }
}
