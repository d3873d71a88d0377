import Data
import PostgresClient
import Synchronization

/// The sessions that were asked for a moment ago, so that a page that sends ten requests costs one statement.
final class SessionDirectory: Sendable {
    private struct Entry {
        let owner: SessionOwnerRow
        let loadedAt: Timestamp
    }

    private let limit: Int
    private let microseconds: Int64
    private let entries = Mutex<[UUID: Entry]>([:])

    init(limit: Int, seconds: Double) {
        self.limit = limit
        microseconds = Int64(seconds * 1_000_000)
    }

    func owner(of session: UUID, at now: Timestamp) -> SessionOwnerRow? {
        entries.withLock { entries in
            guard let entry = entries[session], isFresh(entry, now) else { return nil }
            return entry.owner
        }
    }

    func remember(_ owner: SessionOwnerRow, at now: Timestamp) {
        entries.withLock { entries in
            if entries.count >= limit, entries[owner.session.id] == nil {
                entries = entries.filter { isFresh($0.value, now) }
                // Too many at a time: those that come now are looked up each time.
                if entries.count >= limit { return }
            }
            entries[owner.session.id] = Entry(owner: owner, loadedAt: now)
        }
    }

    func forget(_ sessions: [UUID]) {
        entries.withLock { entries in
            for session in sessions { entries[session] = nil }
        }
    }

    private func isFresh(_ entry: Entry, _ now: Timestamp) -> Bool {
        (0..<microseconds).contains(now.microseconds - entry.loadedAt.microseconds)
    }
}
