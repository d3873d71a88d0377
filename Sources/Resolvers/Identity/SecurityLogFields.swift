import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Viewer {
    static func securityLog(
        of parents: Batch<Viewer>,
        _ arguments: ViewerSecurityLogArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<SecurityLogEntry>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().historySession
        let users = parents.compactMap(\.user.id.uuid)
        let pages = try await session.securityLogs(of: users, request).map { $0.map(SecurityLogEntry.init) }
        return Results(Connection.all(pages) { try await session.securityLogCounts(of: users) })
    }
}

extension SecurityLogEntry {
    init(_ row: SecurityLogRow) {
        self.init(
            action: row.action,
            outcome: AuditOutcome(rawValue: row.outcome) ?? .failed,
            occurredAt: DateTime(row.occurredAt),
            ipAddress: row.address?.text,
            userAgent: row.userAgent
        )
    }
}
