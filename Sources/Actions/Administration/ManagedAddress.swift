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
        if try await transaction.hasBegun(before) {
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
        // A thief may read any address of before, from whom the account is just taken back: no link, and none of earlier changes.
        if isVouchedFor { try await transaction.spendUndoTokens(of: user, from: .min) }
        guard let old = before.email, before.emailVerifiedAt != nil else { return }
        guard !isVouchedFor else {
            try await MailOutbox(services).add(.emailReplaced(of: user, from: old), in: transaction)
            return
        }
        let end = services.time(afterSeconds: OneTimePurpose.emailUndo.seconds)
        try await transaction.extendUndoTokens(of: user, until: end, at: services.now)
        try await MailOutbox(services).add(.emailChanged(of: user, from: old), in: transaction)
    }
}

extension Transaction {
    /// Whether an account is somebody's already: they have confirmed an address, or can sign in by a password or an account
    /// elsewhere.
    func hasBegun(_ user: UserRow) async throws -> Bool {
        if user.emailVerifiedAt != nil { return true }
        if try await credentials(user: user.id)?.passwordHash != nil { return true }
        return try await !oauthIdentities(of: [user.id]).isEmpty
    }
}
