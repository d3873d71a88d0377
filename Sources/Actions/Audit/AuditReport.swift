package import Data
package import PostgresClient

/// The log in numbers: what was done how often, by whom, how it ended and when.
package struct AuditReport: Sendable {
    package enum Period: String, Sendable {
        case hour
        case day

        /// What a report may be over, so that it has no more than some hundred periods.
        var longestSeconds: Int64 { self == .hour ? 14 * 86_400 : 366 * 86_400 }
    }

    package let since: Timestamp
    package let until: Timestamp
    package let generatedAt: Timestamp
    private let rows: [AuditCountRow]

    init(since: Timestamp, until: Timestamp, generatedAt: Timestamp, rows: [AuditCountRow]) {
        self.since = since
        self.until = until
        self.generatedAt = generatedAt
        self.rows = rows
    }

    package var total: Int { rows.first { $0.kind == .all }?.count ?? 0 }
    /// Those that nobody signed in to have no actor.
    package func counts(by kind: AuditCountRow.Kind) -> [AuditCountRow] { rows.filter { $0.kind == kind } }
}

extension AuditView {
    package enum ReportFailure: Error, Sendable, Equatable {
        /// It must end after it begins, and be over so many days at most.
        case range(days: Int64)
    }

    /// Nil for a team that the viewer does not see.
    package func report(
        of team: UUID?,
        since: Timestamp,
        until given: Timestamp?,
        by period: AuditReport.Period
    ) async throws -> AuditReport? {
        guard try await maySee(team) else { return nil }
        let now = services.clock()
        let until = given ?? now
        guard since < until, (until.microseconds - since.microseconds) / 1_000_000 <= period.longestSeconds else {
            throw ReportFailure.range(days: period.longestSeconds / 86_400)
        }
        try await record("audit.report", team)
        let rows = try await services.database.session.auditCounts(
            of: team,
            since: since,
            until: until,
            period: period.rawValue
        )
        return AuditReport(since: since, until: until, generatedAt: now, rows: rows)
    }
}
