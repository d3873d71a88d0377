package import Data
package import PostgresClient
internal import Synchronization

/// Writes to the audit log what anybody can bring about as often as they like, such as refusals, so that nobody fills the
/// disk by it: of entries that are alike one a minute, which tells how many were left out before it, and of all not more
/// than so many a minute.
package final class BoundedAuditLog: Sendable {
    /// What makes entries alike.
    private struct Likeness: Hashable {
        let who: String
        let action: String
        let resource: String?
        let code: String?
    }

    private struct State {
        /// Those that were written in this minute.
        var written: Set<Likeness> = []
        /// How many were left out and are still to be told, by the next one like them.
        var untold: [Likeness: Int] = [:]
        var startedAt = Timestamp(microseconds: 0)
    }

    private static let window: Int64 = 60_000_000
    /// Kinds of which it is remembered how many were left out, for each that may be written in a minute. Others are counted
    /// by the metrics alone.
    private static let remembered = 10

    private let perMinute: Int
    private let state = Mutex(State())
    private let written = Atomic<Int>(0)
    private let omitted = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)

    init(perMinute: Int) { self.perMinute = perMinute }

    /// Entries that were written, that were left out, and that the database did not take.
    package var counts: (written: Int, omitted: Int, lost: Int) {
        (
            written.load(ordering: .relaxed), omitted.load(ordering: .relaxed), lost.load(ordering: .relaxed)
        )
    }

    /// Writes the entry in a transaction of its own. A log that cannot be written does not change what was decided.
    func record(_ entry: NewAuditEntry, from client: ClientInfo, at now: Timestamp, in database: Database) async {
        let likeness = Likeness(
            who: entry.actorID?.description ?? client.limitKey,
            action: entry.action,
            resource: entry.resource?.id,
            code: entry.errorCode
        )
        guard let count = admit(likeness, at: now) else {
            omitted.add(1, ordering: .relaxed)
            return
        }
        var entry = entry
        entry.omitted = count
        do {
            try await database.recordAnyway(entry)
            written.add(1, ordering: .relaxed)
        } catch {
            lost.add(1, ordering: .relaxed)
        }
    }

    /// How many like it were left out since the last one was written; nil if it is left out, too.
    private func admit(_ likeness: Likeness, at now: Timestamp) -> Int? {
        state.withLock { state in
            if now.microseconds - state.startedAt.microseconds >= Self.window {
                state.written = []
                state.startedAt = now
            }
            guard state.written.count < perMinute, state.written.insert(likeness).inserted else {
                if state.untold[likeness] != nil || state.untold.count < perMinute * Self.remembered {
                    state.untold[likeness, default: 0] += 1
                }
                return nil
            }
            return state.untold.removeValue(forKey: likeness) ?? 0
        }
    }
}

extension IdentityServices {
    /// That somebody was refused, or that something failed, whoever brought it about and however often.
    package func note(
        _ action: String,
        _ outcome: NewAuditEntry.Outcome,
        by actor: UUID?,
        on resource: NewAuditEntry.Resource,
        from client: ClientInfo,
        errorCode: String
    ) async {
        let entry = NewAuditEntry(action, outcome, by: actor, on: resource, from: client, errorCode: errorCode)
        await boundedLog.record(entry, from: client, at: clock(), in: database)
    }

    /// That something dangerous is about to be done. Throws where it cannot be written: what would leave no trace is not
    /// done.
    package func announce(
        _ action: String,
        by actor: UUID,
        on resource: NewAuditEntry.Resource?,
        from client: ClientInfo
    ) async throws {
        let team = resource.flatMap { $0.type == "Team" ? GlobalID.uuid("team", $0.id) : nil }
        let entry = NewAuditEntry(action, .initiated, by: actor, of: team, on: resource, from: client)
        try await database.pool.transaction { try await $0.record(entry) }
    }
}
