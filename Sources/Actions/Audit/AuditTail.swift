package import Data
internal import EventLoop
internal import PostgresClient
internal import Synchronization

/// Follows the log while somebody listens: once a second, however many listen in the process.
///
/// An entry is told once no earlier one can come any more: after a second or two, or when the transaction is done in which an
/// earlier one is being written.
package final class AuditTail: Sendable {
    package enum Failure: Error, Sendable, Equatable {
        /// As many listen as may.
        case crowded
        /// Entries came faster than they were taken.
        case behind
    }

    private struct Listener {
        /// No entry up to here could come any more when they came.
        let settled: Int
        /// What there was behind it. What was on its way between is added from now on.
        let seen: Set<Int>
        let entries: AsyncThrowingStream<AuditEntryRow, any Error>.Continuation

        func isTold(_ entry: AuditEntryRow) -> Bool { entry.sequence > settled && !seen.contains(entry.sequence) }
    }

    private struct State {
        var listeners: [Int: Listener] = [:]
        var nextNumber = 0
        var isFollowing = false
    }

    private let limit: Int
    private let kept: Int
    private let interval: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: how many may listen at a time.
    ///   - kept: entries that wait for one of them.
    init(limit: Int, kept: Int = 1_000, interval: Duration) {
        self.limit = limit
        self.kept = kept
        self.interval = interval
    }

    package var listeners: Int { state.withLock { $0.listeners.count } }

    /// What is added from now on.
    package func listen(to database: Database) async throws -> AsyncThrowingStream<AuditEntryRow, any Error> {
        guard let loop = EventLoop.current else { throw CancellationError() }
        let start = try await database.pool.transaction { try await $0.auditTailStart() }
        let (stream, entries) = AsyncThrowingStream.makeStream(
            of: AuditEntryRow.self,
            bufferingPolicy: .bufferingOldest(kept)
        )
        let (number, isFirst) = try state.withLock { state throws(Failure) in
            guard state.listeners.count < limit else { throw .crowded }
            let number = state.nextNumber
            state.nextNumber += 1
            state.listeners[number] = Listener(settled: start.settled, seen: Set(start.seen), entries: entries)
            defer { state.isFollowing = true }
            return (number, !state.isFollowing)
        }
        entries.onTermination = { [weak self] _ in self?.leave(number) }
        if isFirst { loop.startTask { [self] in await follow(database, from: start.settled, on: loop) } }
        return stream
    }

    private func leave(_ number: Int) { _ = state.withLock { $0.listeners.removeValue(forKey: number) } }

    private func follow(_ database: Database, from start: Int, on loop: EventLoop) async {
        var place = AuditTailPlace(told: start)
        while goesOn() {
            do {
                let given = place
                let step = try await database.pool.transaction { try await $0.followAuditLog(given) }
                place = step.place
                tell(step.entries)
                // What was there before somebody came is read through at once.
                if step.isLast { try await loop.sleep(for: interval) }
            } catch {
                return end(error)
            }
        }
    }

    /// Whether anybody listens still; whoever comes after the last has left begins anew.
    private func goesOn() -> Bool {
        state.withLock { state in
            if state.listeners.isEmpty { state.isFollowing = false }
            return state.isFollowing
        }
    }

    private func tell(_ entries: [AuditEntryRow]) {
        let listeners = state.withLock { $0.listeners.sorted { $0.key < $1.key }.map(\.value) }
        for listener in listeners {
            for entry in entries where listener.isTold(entry) {
                if case .dropped = listener.entries.yield(entry) {
                    listener.entries.finish(throwing: Failure.behind)
                    break
                }
            }
        }
    }

    private func end(_ error: any Error) {
        let listeners = state.withLock { state in
            state.isFollowing = false
            defer { state.listeners = [:] }
            return state.listeners.sorted { $0.key < $1.key }.map(\.value)
        }
        for listener in listeners { listener.entries.finish(throwing: error) }
    }
}
