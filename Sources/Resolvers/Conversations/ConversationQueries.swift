import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func conversation(
        _ arguments: QueryConversationArguments,
        in context: RequestContext
    ) async throws -> ConversationItem? {
        let visitor = try await context.visitor()
        let session = try context.databaseInUse().session
        let id: UUID?
        if let given = arguments.id {
            id = given.uuid
        } else if let text = arguments.uuid {
            id = if let uuid = UUID(text) { try await session.conversation(uuid: uuid) } else { nil }
        } else if case .guest(let link) = visitor {
            id = link.conversationID
        } else {
            id = nil
        }
        guard let id else { return nil }
        return try await session.rooms([id], visibleTo: visitor.id).first.flatMap { ConversationItem($0, visitor.id) }
    }

    static func conversationOffers(
        _ arguments: QueryConversationOffersArguments,
        in context: RequestContext
    ) async throws -> [SellerProductItem]? {
        let viewer = try await context.visitor().id
        guard let id = arguments.conversationId.uuid else { return nil }
        let session = try context.databaseInUse().session
        guard try await !session.rooms([id], visibleTo: viewer).isEmpty else { return nil }
        let rows = try await session.offers(in: id, search: arguments.search, limit: Int(arguments.first ?? 50))
        return rows.map { SellerProductItem(row: $0, viewer: viewer) }
    }
}

extension Viewer {
    static func conversations(
        of parents: Batch<Viewer>,
        _ arguments: ViewerConversationsArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<ConversationItem>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let (statuses, search) = (arguments.statuses.map(\.rawValue), arguments.search)
        // One viewer there is in a request, or those who have just signed in.
        var results = Results<Connection<ConversationItem>>(reserving: parents.count)
        for viewer in parents.map(\.user.id.uuid) {
            guard let viewer else {
                results.append(Connection(.empty) { 0 })
                continue
            }
            let rows = try await session.conversations(of: viewer, statuses: statuses, search: search, request)
            let page = try rows.map { row in
                guard let conversation = ConversationItem(row, viewer) else { throw AccessRefusal.unavailable }
                return conversation
            }
            results.append(
                Connection(page) {
                    try await session.conversationCount(of: viewer, statuses: statuses, search: search)
                }
            )
        }
        return results
    }
}
