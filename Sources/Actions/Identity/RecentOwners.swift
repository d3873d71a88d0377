import PostgresClient
import Synchronization

/// The sessions or keys that were asked for a moment ago and whose they are, so that a page that sends ten requests costs one
/// statement.
final class RecentOwners<ID: Hashable & Sendable, Owner: Sendable>: Sendable {
    /// An object: whoever looks one up copies a reference, not what it holds.
    private final class Entry: Sendable {
        let owner: Owner
        let loadedAt: Timestamp

        init(_ owner: Owner, _ loadedAt: Timestamp) {
            self.owner = owner
            self.loadedAt = loadedAt
        }
    }

    private let limit: Int
    private let microseconds: Int64
    private let entries = Mutex<[ID: Entry]>([:])

    init(limit: Int, seconds: Double) {
        self.limit = limit
        microseconds = Int64(seconds * 1_000_000)
    }

    func owner(of id: ID, at now: Timestamp) -> Owner? { entry(of: id, at: now)?.owner }

    /// Whether the owner is as asked; nil where they were not asked for a moment ago.
    func owner(of id: ID, at now: Timestamp, is asked: (Owner) -> Bool) -> Bool? {
        entry(of: id, at: now).map { asked($0.owner) }
    }

    private func entry(of id: ID, at now: Timestamp) -> Entry? {
        guard let entry = entries.withLock({ $0[id] }), isFresh(entry, now) else { return nil }
        return entry
    }

    func remember(_ owner: Owner, as id: ID, at now: Timestamp) {
        entries.withLock { entries in
            if entries.count >= limit, entries[id] == nil {
                entries = entries.filter { isFresh($0.value, now) }
                // Too many at a time: those that come now are looked up each time.
                if entries.count >= limit { return }
            }
            entries[id] = Entry(owner, now)
        }
    }

    func forget(_ ids: [ID]) {
        entries.withLock { entries in
            for id in ids { entries[id] = nil }
        }
    }

    private func isFresh(_ entry: Entry, _ now: Timestamp) -> Bool {
        (0..<microseconds).contains(now.microseconds - entry.loadedAt.microseconds)
    }
}
