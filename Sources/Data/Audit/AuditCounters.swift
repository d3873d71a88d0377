internal import Synchronization

/// What this process has given to the audit log, by what was done and how it ended. A transaction that was run again has given its
/// entries again.
package enum AuditCounters {
    package struct Key: Sendable, Hashable {
        package let action: String
        package let outcome: NewAuditEntry.Outcome
    }

    /// Actions are names of the program; should there be more than this, they are counted together.
    private static let limit = 1_000
    private static let counts = Mutex<[Key: UInt64]>([:])

    /// In the order of their names.
    package static var current: [(key: Key, count: UInt64)] {
        counts.withLock { counts in counts.map { (key: $0.key, count: $0.value) } }
            .sorted { ($0.key.action, $0.key.outcome.rawValue) < ($1.key.action, $1.key.outcome.rawValue) }
    }

    static func count(_ entry: NewAuditEntry) {
        counts.withLock { counts in
            let key = Key(action: entry.action, outcome: entry.outcome)
            let isKnown = counts[key] != nil || counts.count < limit
            counts[isKnown ? key : Key(action: "other", outcome: entry.outcome), default: 0] &+= 1
        }
    }
}

extension AuditCounters.Key {
    /// Whether somebody was not let in who wanted to show who they are.
    package var isFailedSignIn: Bool {
        (outcome == .refused || outcome == .failed) && Self.signIns.contains(action)
    }

    private static let signIns: Set<String> = [
        "session.create", "session.challenge", "session.mfa", "session.oauth", "session.reauthenticate",
        "session.refresh",
    ]
}
