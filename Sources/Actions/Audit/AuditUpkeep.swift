package import Data
internal import PostgresClient

/// The log was found to have been changed.
package struct AuditLogBroken: Error, CustomStringConvertible {
    package let findings: [AuditVerify.Finding]
    package var description: String {
        "the audit log was changed: " + findings.prefix(20).map(\.description).joined(separator: "; ")
    }
}

/// What is done for the log again and again.
package struct AuditUpkeep {
    private let database: Database

    package init(_ database: Database) { self.database = database }

    /// A few seals in each transaction, so that none takes long though nothing was sealed for long.
    package func seal(batch: Int = 10_000, seals: Int = 10) async throws {
        var hasMore = true
        while hasMore {
            hasMore = try await database.pool.transaction {
                try await $0.sealAuditLog(batch: batch, seals: seals).hasMore
            }
        }
    }

    /// Throws where somebody has changed it. The last seal is written to the log, and must be there the next time: whoever
    /// cuts the chain off or begins it anew has to take that entry away, which the seal over it shows.
    ///
    /// Answers that seal, to be kept where whoever could change the log cannot change it.
    package func verify() async throws -> String? {
        let kept = try await database.session.keptAuditSeal()
        let report = try await AuditVerify(database).run(kept: kept)
        let isWhole = report.findings.isEmpty
        guard !isWhole || report.lastSeal != nil else { return nil }
        let entry = NewAuditEntry(
            action: "audit.verify",
            outcome: isWhole ? .succeeded : .failed,
            actorID: nil,
            requestID: "",
            address: nil,
            userAgent: "",
            errorCode: isWhole ? nil : "LOG_CHANGED",
            changes: isWhole ? [AuditChange("seal", nil, report.lastSeal)] : []
        )
        try await database.pool.transaction { try await $0.record(entry) }
        guard isWhole else { throw AuditLogBroken(findings: report.findings) }
        return report.lastSeal
    }
}
