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
        let session = try context.databaseInUse().session
        do {
            guard let given = arguments.teamId else {
                let page = try await view.all(filter, request)
                return Connection(page.map(AuditEntryItem.init)) { try await session.auditEntryCount(filter) }
            }
            guard let team = given.uuid, let page = try await view.team(team, filter, request) else { return nil }
            return Connection(page.map(AuditEntryItem.init)) { try await session.auditEntryCount(of: team, filter) }
        } catch AuditView.Failure.forbidden {
            throw AccessRefusal.forbidden("This needs the permission to read the audit log.", reason: "MISSING_ROLE")
        }
    }
}

extension AuditFilter {
    fileprivate init(_ filter: AuditLogFilter?) throws {
        self.init()
        guard let filter else { return }
        search = filter.search.map { $0.filter { $0 != "\0" } }
        actions = filter.actions
        outcomes = filter.outcomes?.map(\.rawValue)
        resourceType = filter.resourceType.map { $0.filter { $0 != "\0" } }
        resourceID = filter.resourceId.map { $0.rawValue.filter { $0 != "\0" } }
        since = filter.since?.timestamp
        until = filter.until?.timestamp
        // An id or an address that nothing can have finds nothing.
        if let actor = filter.actorId { actorID = GlobalID.uuid("usr", actor.rawValue) ?? UUID(high: 0, low: 0) }
        if let address = filter.ipAddress {
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
