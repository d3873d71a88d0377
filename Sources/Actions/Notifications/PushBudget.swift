internal import EventLoop
internal import PostgresClient
internal import Synchronization

/// How long one person's browsers may keep this process waiting: whoever has slow ones, or servers of their own that pretend
/// to be some, takes no places from others.
package final class PushBudget: Sendable {
    private struct Account {
        /// Nanoseconds that were taken and not earned back.
        var taken: UInt64
        var at: UInt64
    }

    /// People that are remembered; of others more is not known.
    private static let accountsAtMost = 10_000
    private let perMinute: UInt64
    private let accounts = Mutex<[UUID: Account]>([:])

    /// - Parameter perMinute: what is earned evenly, and how much may be taken at a time.
    package init(perMinute: Duration = .seconds(30)) { self.perMinute = perMinute.nanoseconds }

    func admits(_ user: UUID, at now: UInt64) -> Bool {
        accounts.withLock { accounts in accounts[user].map { taken($0, at: now) <= perMinute } ?? true }
    }

    func note(_ user: UUID, from start: UInt64, to end: UInt64) {
        accounts.withLock { accounts in
            if accounts.count >= Self.accountsAtMost { accounts = accounts.filter { taken($0.value, at: end) > 0 } }
            guard accounts.count < Self.accountsAtMost || accounts[user] != nil else { return }
            let before = accounts[user].map { taken($0, at: end) } ?? 0
            accounts[user] = Account(taken: before &+ (end &- start), at: end)
        }
    }

    /// What is left of it by now.
    private func taken(_ account: Account, at now: UInt64) -> UInt64 {
        let earned = Double(now > account.at ? now - account.at : 0) * Double(perMinute) / 60e9
        return account.taken > UInt64(earned) ? account.taken - UInt64(earned) : 0
    }
}
