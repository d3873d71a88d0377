package import PostgresClient

/// Work to be done later, at least once.
package struct NewJob: Sendable {
    package var name: String
    package var payload: JSONText
    package var queue = "default"
    /// Higher goes first.
    package var priority: Int16 = 0
    /// Only one job of this name and key waits or runs at a time; adding it again adds nothing.
    package var uniqueKey: String?
    /// Not before; nil for at once.
    package var runAt: Timestamp?
    package var maximumAttempts: Int32 = 20
    /// Who is told how far it is; nil for jobs that nobody waits for.
    package var ownerID: UUID?

    package init(_ name: String, payload: JSONText = JSONText("{}")) {
        self.name = name
        self.payload = payload
    }
}

/// One attempt at a job. Whoever has lost the lease of one has none of the next, be it his own.
struct JobRun: PostgresRow, Hashable {
    let id: UUID
    let attempt: Int32

    init(id: UUID, attempt: Int32) {
        self.id = id
        self.attempt = attempt
    }

    init(from row: inout RowReader) throws {
        id = try row.next()
        attempt = try row.next()
    }
}

/// A job that a worker has taken, until its lease ends.
package struct Job: PostgresRow {
    package let id: UUID
    package let name: String
    package let payload: JSONText
    /// Which attempt this is, from 1, over all its lives.
    package let attempt: Int32
    let ownerID: UUID?
    /// Attempts before it was given another life.
    private let earlierAttempts: Int32
    /// Those of one life.
    private let maximumAttempts: Int32
    /// Which attempt of this life it is, from 1.
    package var attemptOfLife: Int32 { attempt - earlierAttempts }
    /// Whether it dies when this one fails.
    package var isLastAttempt: Bool { attemptOfLife >= maximumAttempts }
    /// Whether it had died, so that what it stands for may have been noted as failed.
    package var isRevived: Bool { earlierAttempts > 0 }
    var run: JobRun { JobRun(id: id, attempt: attempt) }
    /// Where it says how far it is.
    var progress: JobProgressLog?

    package init(from row: inout RowReader) throws {
        id = try row.next()
        name = try row.next()
        payload = try row.next()
        attempt = try row.next()
        ownerID = try row.next()
        earlierAttempts = try row.next()
        maximumAttempts = try row.next()
    }

    /// What those watch who want to know how far it is.
    package static func topic(_ id: UUID) -> String { "job:\(id)" }

    /// Says how far it is, from 0 to 100; of what is said in quick succession the last is told. On the worker's loop.
    package func report(percent: Int, _ message: String? = nil) {
        progress?.note(run, JobProgressLog.Entry(percent: Int16(clamping: min(max(percent, 0), 100)), message: message))
    }
}

/// What a job came to.
package enum JobOutcome: Sendable {
    case done
    /// To be tried again, later and later, and not within so many seconds; dead after its last attempt.
    case failed(reason: String, delaySeconds: Int)
}

/// Thrown by a job that is of no use before some time has passed.
package struct JobDelay: Error, Sendable, CustomStringConvertible {
    package let reason: String
    package let seconds: Int

    package init(_ reason: String, seconds: Int) {
        self.reason = reason
        self.seconds = seconds
    }

    package var description: String { reason }
}
