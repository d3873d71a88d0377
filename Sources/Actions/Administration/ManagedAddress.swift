internal import Data
internal import PostgresClient

/// What follows when those who manage accounts give one another address: who is told of it, and what leads into the account.
struct ManagedAddress {
    let services: IdentityServices
    /// The account, as it was.
    let before: UserRow
    let email: String
    /// Whether they answer for it that the owner reads the address.
    let isVouchedFor: Bool

    func follow(in transaction: Transaction) async throws {
        // What was asked for by the old address is of no use any more.
        try await transaction.spendOneTimeTokens(of: before.id, .emailChange, .emailVerification, .passwordReset)
        try await tellFormer(in: transaction)
        if try await transaction.hasWayIn(before.id) {
            guard !isVouchedFor else { return }
            try await MailOutbox(services).add(.emailVerification(to: before.id), in: transaction)
        } else {
            // Nobody has come in yet: whoever reads the address hears that there is an account, and how to begin.
            try await MailOutbox(services).add(.accountMade(for: before.id), in: transaction)
        }
    }

    private func tellFormer(in transaction: Transaction) async throws {
        let user = before.id
        if let former = try await transaction.undoToken(of: user, to: email, at: services.now) {
            // They have it back: the address between is none to give the account to.
            return try await transaction.spendUndoTokens(of: user, from: former)
        }
        guard let old = before.email, before.emailVerifiedAt != nil else { return }
        guard !isVouchedFor else {
            // A thief may read it, from whom the account is just taken back: no link.
            try await MailOutbox(services).add(.emailReplaced(of: user, from: old), in: transaction)
            return
        }
        let end = services.time(afterSeconds: OneTimePurpose.emailUndo.seconds)
        try await transaction.extendUndoTokens(of: user, until: end, at: services.now)
        try await MailOutbox(services).add(.emailChanged(of: user, from: old), in: transaction)
    }
}

extension Transaction {
    /// Whether somebody can sign in to an account, by a password or an account elsewhere.
    func hasWayIn(_ user: UUID) async throws -> Bool {
        if try await credentials(user: user)?.passwordHash != nil { return true }
        return try await !oauthIdentities(of: [user]).isEmpty
    }
}
