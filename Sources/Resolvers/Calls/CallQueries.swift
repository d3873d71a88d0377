import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func call(_ arguments: QueryCallArguments, in context: RequestContext) async throws -> CallItem? {
        guard let id = arguments.id.uuid else { return nil }
        let viewer = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.calls([id], visibleTo: viewer)
        return rows.first.map { CallItem(row: $0, viewer: viewer) }
    }
}

extension Viewer {
    private static let allStatuses = [
        "RINGING", "ACTIVE", "ENDED", "MISSED", "DECLINED", "CANCELLED", "FAILED", "BUSY",
    ]

    static func calls(
        of parents: Batch<Viewer>,
        _ arguments: ViewerCallsArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<CallItem>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let statuses = arguments.statuses?.map(\.rawValue) ?? allStatuses
        // One viewer there is in a request, or those who have just signed in.
        var results = Results<Connection<CallItem>>(reserving: parents.count)
        for viewer in parents.map(\.user.id.uuid) {
            guard let viewer else {
                results.append(Connection(.empty) { 0 })
                continue
            }
            let page = try await session.calls(of: viewer, statuses: statuses, request)
            results.append(
                Connection(page.map { CallItem(row: $0, viewer: viewer) }) {
                    try await session.callCount(of: viewer, statuses: statuses)
                }
            )
        }
        return results
    }
}
