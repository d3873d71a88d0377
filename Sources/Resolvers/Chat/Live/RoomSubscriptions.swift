import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient

extension Subscription {
    static func roomEvents(
        _ arguments: SubscriptionRoomEventsArguments,
        in context: RequestContext
    ) async throws -> RoomFeed {
        let rooms = arguments.rooms.map { (id: $0.roomId, after: $0.after) }
        return try await RoomFeed.open(rooms, in: context)
    }

    static func messageAdded(
        _ arguments: SubscriptionMessageAddedArguments,
        in context: RequestContext
    ) async throws -> NewMessages {
        NewMessages(feed: try await RoomFeed.open([(arguments.roomId, arguments.after)], in: context))
    }
}

extension RoomFeed {
    /// Refuses rooms that the viewer does not see, or that are asked for twice: which of them tells nothing of others.
    fileprivate static func open(
        _ wanted: [(id: ID, after: String?)],
        in context: RequestContext
    ) async throws -> RoomFeed {
        let visitor = try await context.visitor()
        let ids = wanted.compactMap(\.id.room)
        let limit = context.chatOptions.roomsPerSubscription
        guard ids.count == wanted.count, Set(ids).count == ids.count, ids.count <= limit else {
            throw refusal
        }
        let rows = try await context.databaseInUse().session.rooms(ids, visibleTo: visitor.id)
        guard rows.count == ids.count else { throw refusal }
        return try await RoomFeed(zip(ids, wanted).map { ($0, $1.after) }, for: visitor, in: context)
    }

    private static var refusal: GraphQLError {
        GraphQLError("One of the rooms is not there.", extensions: ["code": .string("NOT_FOUND")])
    }
}

/// The new messages of a room alone. It ends when the viewer may no longer see them.
struct NewMessages: AsyncSequence, AsyncIteratorProtocol {
    fileprivate var feed: RoomFeed

    func makeAsyncIterator() -> NewMessages { self }

    mutating func next() async throws -> MessageActivity? {
        while let activity = try await feed.next() {
            if case .messageCreated(let created) = activity.event { return created }
        }
        return nil
    }
}
