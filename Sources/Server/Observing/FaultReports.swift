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

    init(_ job: Job, _ error: any Error) {
        name = job.name
        attempt = Int(job.attemptOfLife)
        isLast = job.isLastAttempt
        self.error = error
    }
}

/// Where faults go, of which clients are told nothing.
struct FaultReports: Sendable {
    let log: Log?

    /// One that kept an operation, or something else that somebody waited for, from being done.
    func report(_ error: any Error) { log?.fault(error) }

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
    }
}
