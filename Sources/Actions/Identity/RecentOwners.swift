import PostgresClient
import Synchronization

/// The sessions or keys that were asked for a moment ago and whose they are, so that a page that sends ten requests costs one
/// statement.
final class RecentOwners<ID: Hashable & Sendable, Owner: Sendable>: Sendable {
    private struct Entry {
        let owner: Owner
        let loadedAt: Timestamp
    }

    private let limit: Int
    private let microseconds: Int64
    private let entries = Mutex<[ID: Entry]>([:])

    init(limit: Int, seconds: Double) {
        self.limit = limit
        microseconds = Int64(seconds * 1_000_000)
    }

    func owner(of id: ID, at now: Timestamp) -> Owner? {
        entries.withLock { entries in
            guard let entry = entries[id], isFresh(entry, now) else { return nil }
            return entry.owner
        }
    }

    func remember(_ owner: Owner, as id: ID, at now: Timestamp) {
        entries.withLock { entries in
            if entries.count >= limit, entries[id] == nil {
                entries = entries.filter { isFresh($0.value, now) }
                // Too many at a time: those that come now are looked up each time.
                if entries.count >= limit { return }
            }
            entries[id] = Entry(owner: owner, loadedAt: now)
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
