import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient

extension Query {
    static func auditLogs(
        _ arguments: QueryAuditLogsArguments,
        in context: RequestContext
    ) async throws -> Connection<AuditEntryItem>? {
        let (services, principal, client) = try await context.actor()
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let filter = try AuditFilter(arguments.filter)
        let view = AuditView(services, principal, from: client)
        let session = try context.databaseInUse().historySession
        do {
            guard let given = arguments.teamId else {
                let page = try await view.all(filter, request)
                return Connection(page.map(AuditEntryItem.init)) { try await session.auditEntryCount(filter) }
            }
            guard let team = given.uuid, let page = try await view.team(team, filter, request) else { return nil }
            return Connection(page.map(AuditEntryItem.init)) { try await session.auditEntryCount(of: team, filter) }
        } catch AuditView.Failure.forbidden {
            throw AccessRefusal.auditLog
        }
    }
}

extension AuditFilter {
    init(_ filter: AuditLogFilter?) throws {
        self.init()
        guard let filter else { return }
        search = filter.search.given.map { $0.filter { $0 != "\0" } }
        actions = filter.actions.given?.map { $0.filter { $0 != "\0" } }
        outcomes = filter.outcomes.given?.map(\.rawValue)
        resourceType = filter.resourceType.given.map { $0.filter { $0 != "\0" } }
        resourceID = filter.resourceId.given.map { $0.rawValue.filter { $0 != "\0" } }
        since = filter.since.given?.timestamp
        until = filter.until.given?.timestamp
        // An id or an address that nothing can have finds nothing.
        if let actor = filter.actorId.given { actorID = GlobalID.uuid("usr", actor.rawValue) ?? UUID(high: 0, low: 0) }
        if let address = filter.ipAddress.given {
            guard let given = InternetAddress(text: address) else {
                throw GraphQLError(
                    "\"ipAddress\" is no address.",
                    extensions: ["code": .string("BAD_USER_INPUT")]
                )
            }
            self.address = given
        }
    }
}
