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
    fileprivate static func open(
        _ wanted: [(id: ID, after: String?)],
        in context: RequestContext
    ) async throws -> RoomFeed {
        let (ids, visitor) = try await context.roomsToHear(wanted.map(\.id))
        return try await RoomFeed(zip(ids, wanted).map { ($0, $1.after) }, for: visitor, in: context)
    }

}

extension RequestContext {
    /// Refuses rooms that the viewer does not see, or that are asked for twice: which of them tells nothing of others.
    func roomsToHear(_ wanted: [ID]) async throws -> (rooms: [UUID], visitor: Visitor) {
        let visitor = try await visitor()
        let ids = wanted.compactMap(\.room)
        let rows = try await databaseInUse().session.rooms(ids, visibleTo: visitor.id)
        guard ids.count == wanted.count, Set(ids).count == ids.count, ids.count <= chatOptions.roomsPerSubscription,
            rows.count == ids.count
        else { throw GraphQLError("One of the rooms is not there.", extensions: ["code": .string("NOT_FOUND")]) }
        return (ids, visitor)
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
