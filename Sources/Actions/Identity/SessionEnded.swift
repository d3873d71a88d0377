import Data
import PostgresClient

/// Somebody was let in, and their session has ended before they had done what they asked for.
package struct SessionEnded: Error, Equatable {}

extension Transaction {
    /// Holds the account of whoever asks for something that would outlive their session, such as another way in. Whoever ends
    /// sessions of the account at the moment is waited for, and what they have ended does nothing behind them.
    func hold(_ principal: Principal) async throws {
        let session = try principal.session.id
        try await hold(principal.user.id)
        guard try await isLiving(session: session) else { throw SessionEnded() }
    }

    /// Holds the account of whoever makes something that goes when their account is erased: nobody erases it until that is
    /// there, and whoever is erased makes nothing behind that.
    func holdOwner(_ user: UUID) async throws {
        guard try await !lockUsers([user]).isEmpty else { throw SessionEnded() }
    }
}
