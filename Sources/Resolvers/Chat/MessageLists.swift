import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Viewer {
    static func starredMessages(
        of parents: Batch<Viewer>,
        _ arguments: ViewerStarredMessagesArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<MessageItem>> {
        let request = try context.page(arguments.first, after: arguments.after)
        let session = try context.databaseInUse().session
        return await parents.oneByOne { parent in
            let viewer = try parent.own
            return Connection(
                try await session.stars(of: viewer, request).map { MessageItem(row: $0.message, viewer: viewer) }
            )
        }
    }

    static func mentions(
        of parents: Batch<Viewer>,
        _ arguments: ViewerMentionsArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<MessageItem>> {
        let request = try context.page(arguments.first, after: arguments.after)
        let session = try context.databaseInUse().session
        return await parents.oneByOne { parent in
            let viewer = try parent.own
            return Connection(
                try await session.messages(mentioning: viewer, request).map { MessageItem(row: $0, viewer: viewer) }
            )
        }
    }

    private var own: UUID {
        get throws {
            guard let id = user.id.uuid else { throw AccessRefusal.unauthenticated }
            return id
        }
    }
}

extension Query {
    static func messageSearch(
        _ arguments: QueryMessageSearchArguments,
        in context: RequestContext
    ) async throws -> Connection<MessageItem>? {
        let (services, principal, client) = try await context.chat()
        let request = try context.page(arguments.first, after: arguments.after)
        let (room, author) = (arguments.roomId.map(\.room), arguments.authorId.map(\.uuid))
        let group = arguments.groupId.map(\.uuid)
        // Ids of other things find nothing.
        if room == .some(nil) || author == .some(nil) || group == .some(nil) { return Connection(.empty) }
        let filter = MessageFilter(text: arguments.query, room: room ?? nil, group: group ?? nil, author: author ?? nil)
        let page = try await MessageLookup(services, principal, from: client).run(filter, request)
        return Connection(page.map { MessageItem(row: $0, viewer: principal.user.id) })
    }
}
