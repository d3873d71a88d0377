internal import EventLoop
internal import PostgresClient

/// What the running jobs of a worker say of themselves, written a few times a second by one statement for all.
///
/// `@unchecked Sendable`: confined to its loop.
final class JobProgressLog: @unchecked Sendable {
    struct Entry {
        let percent: Int16
        let message: String?
    }

    private let pool: PostgresPool
    private let worker: String
    private let interval: Duration
    private let announce: ([UUID]) -> Void
    private var entries: [JobRun: Entry] = [:]
    private var isWriting = false
    private lazy var writing = pool.loop.timer { [weak self] in self?.write() }

    init(_ pool: PostgresPool, worker: String, interval: Duration, announce: @escaping ([UUID]) -> Void) {
        self.pool = pool
        self.worker = worker
        self.interval = interval
        self.announce = announce
    }

    func note(_ run: JobRun, _ entry: Entry) {
        pool.loop.assertOnLoop()
        if entries.isEmpty, !isWriting { writing.set(after: interval.nanoseconds) }
        entries[run] = entry
    }

    /// What is still to be written of a run is of no interest when it has ended.
    func forget(_ run: JobRun) { entries[run] = nil }

    private func write() {
        let written = entries.sorted { ($0.key.id, $0.key.attempt) < ($1.key.id, $1.key.attempt) }
        entries = [:]
        guard !written.isEmpty else { return }
        isWriting = true
        pool.loop.startTask { [self] in
            // What cannot be written is made up for by what the job says next.
            let changed = try? await pool.transaction {
                try await $0.rows(
                    JobStatements.progress,
                    worker,
                    written.map(\.key.id),
                    written.map(\.key.attempt),
                    written.map(\.value.percent),
                    written.map(\.value.message)
                )
            }
            announce(changed ?? [])
            isWriting = false
            if !entries.isEmpty { writing.set(after: interval.nanoseconds) }
        }
    }
}
