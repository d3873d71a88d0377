internal import Credentials
internal import Data
internal import PostgresClient

/// Asks whether another address is theirs who want it: a mail to it has the link that makes it the account's.
package struct EmailChange {
    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// The address the mail goes to.
    package func run(to text: String) async throws -> Result<String, AccountFaults> {
        let user = principal.user
        let limit = services.options.mailsPerHour
        try await services.limit("email_change", by: user.id.description, limit, perSeconds: 3_600)
        let session = try principal.session.id
        let email = VisibleText.trimmed(text)
        guard AccountNames.isEmail(email), email.lowercased() != user.email?.lowercased() else {
            return .failure(.of(.invalidInput, "Must be an e-mail address that the account has not."))
        }
        return try await services.database.pool.transaction { transaction in
            try await transaction.hold(principal)
            guard try await !transaction.isTaken(email: email, for: user.id) else {
                try await record(.refused, "EMAIL_TAKEN", in: transaction)
                return .failure(.of(.emailTaken, "Somebody has this address."))
            }
            // The newest link counts.
            try await transaction.spendOneTimeTokens(of: user.id, .emailChange)
            try await MailOutbox(services).add(.emailChange(of: user.id, to: email, askedBy: session), in: transaction)
            try await record(.succeeded, nil, in: transaction)
            return .success(email)
        }
    }

    private func record(_ outcome: NewAuditEntry.Outcome, _ code: String?, in transaction: Transaction) async throws {
        try await transaction.record(
            NewAuditEntry(
                "account.email_change",
                outcome,
                by: principal.user.id,
                from: client,
                errorCode: code,
                changes: code == nil ? [AuditChange(secret: "pendingEmail")] : []
            )
        )
    }
}

extension AccountFaults {
    fileprivate static func of(_ code: AccountFaultCode, _ message: String) -> AccountFaults {
        AccountFaults(code, ["newEmail"], message)
    }
}

/// Takes the token of that mail: the account has the new address from now on, and whoever reads the old one, if it was
/// confirmed, can undo that for three days.
package struct EmailChangeConfirm {
    private let services: IdentityServices
    private let client: ClientInfo

    package init(_ services: IdentityServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    package func run(token text: String) async throws -> Result<Void, LinkTokenFault> {
        try await services.redeem(text, .emailChange, from: client) { [services, client] found, transaction in
            guard let email = found.email, let old = try await transaction.credentials(user: found.user)?.user,
                try await transaction.changeEmail(to: email, of: found.user)
            else { return .failure(.invalid) }
            let now = services.clock()
            let former = try await transaction.undoToken(of: found.user, to: email, at: now)
            try await transaction.spendOneTimeTokens(of: found.user, .emailChange, .emailVerification)
            try await transaction.record(
                NewAuditEntry(
                    "account.email_change_confirm",
                    .succeeded,
                    by: found.user,
                    from: client,
                    changes: [AuditChange(secret: "email")]
                )
            )
            if let former {
                // What it left and has come back from is no address to give it back to.
                try await transaction.spendUndoTokens(of: found.user, from: former)
            } else if let address = old.email, old.emailVerifiedAt != nil {
                // Whoever got an address by a slip of the pen must not get the account.
                let end = services.time(afterSeconds: OneTimePurpose.emailUndo.seconds)
                try await transaction.extendUndoTokens(of: found.user, until: end, at: now)
                try await MailOutbox(services).add(.emailChanged(of: found.user, from: address), in: transaction)
            }
            return .success(())
        }
    }
}
