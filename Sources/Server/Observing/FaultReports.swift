import Actions
import Data
import GraphQLTransport
import HTTPServer

/// An attempt at a job that failed.
struct JobFault: Sendable {
    let name: String
    let attempt: Int
    let isLast: Bool
    let error: any Error
}

extension JobFault {
    init(_ job: Job, _ error: any Error) {
        self.init(name: job.name, attempt: Int(job.attemptOfLife), isLast: job.isLastAttempt, error: error)
    }
}

/// Where faults go, of which clients are told nothing.
struct FaultReports: Sendable {
    let log: Log?
    /// Nil where nobody gathers them.
    var errors: ErrorReporter?

    /// One that kept an operation, or something else that somebody waited for, from being done.
    func report(_ error: any Error) {
        log?.fault(error)
        errors?.report(ErrorEvent(error, at: Self.seconds))
    }

    /// A log that was changed behind its back, or does not add up, is for somebody to be woken up.
    func report(_ fault: JobFault) {
        let level: LogLevel = fault.error is AuditLogBroken ? .critical : .error
        log?.fault(
            fault.error,
            level,
            [
                ("job", .text(fault.name)), ("attempt", .number(fault.attempt)),
                ("dead", .text(fault.isLast ? "yes" : "no")),
            ]
        )
        // What is tried again may yet be done.
        guard fault.isLast || level == .critical else { return }
        let seriousness: ErrorEvent.Level = level == .critical ? .fatal : .error
        errors?.report(ErrorEvent(fault.error, seriousness, job: fault.name, at: Self.seconds))
    }

    private static var seconds: Double { Double(WallClock.microseconds) / 1_000_000 }
}
