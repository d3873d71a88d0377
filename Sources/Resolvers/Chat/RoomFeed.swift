import Actions
import Data
import EventLoop
import GraphQLEngine
import PostgresClient

/// What happens in some rooms, as a subscription tells it: what was missed, then what comes.
///
/// Nothing is told that a query would not show at that moment. Each event is read from the database as whoever listens,
/// by a statement that asks whether they see its room; the log's own order makes sure that what follows a removal is not
/// told even while it is read late. Who may no longer see one of the rooms is told that and nothing more; who is no longer
/// signed in gets `UNAUTHENTICATED`.
struct RoomFeed: AsyncSequence, AsyncIteratorProtocol {
    private let lease: MergedLease
    private let context: RequestContext
    private let principal: Principal
    private let services: IdentityServices
    private let cursorSigner: CursorSigner
    private let rooms: [String: UUID]
    /// The last place that was told of each topic.
    private var cursors: [String: String]
    private var isOver = false

    /// - Parameter rooms: where to begin in each; from now on without a cursor. The viewer must see them all.
    init(_ rooms: [(id: UUID, after: String?)], for principal: Principal, in context: RequestContext) async throws {
        let database = try context.databaseInUse()
        (services, _) = try context.identityServices()
        self.context = context
        self.principal = principal
        let signer = database.cursors
        cursorSigner = signer
        let places = rooms.map { room -> (topic: String, after: Int?) in
            let topic = NewEvent.roomTopic(room.id)
            // A place that no topic has come to is lost, as one of elsewhere is.
            return (topic, room.after.map { signer.seq($0, in: topic) ?? .max })
        }
        self.rooms = Dictionary(zip(places.map(\.topic), rooms.map(\.id))) { first, _ in first }
        cursors = Dictionary(zip(places.map(\.topic), rooms.map { $0.after ?? "" })) { first, _ in first }
        lease = MergedLease(try await database.events.subscribe(to: places))
    }

    func makeAsyncIterator() -> RoomFeed { self }

    mutating func next() async throws -> RoomActivity? {
        while !isOver, let told = try await lease.subscription.next() {
            guard let room = rooms[told.topic] else { continue }
            guard try await services.goesOn(principal) else {
                isOver = true
                throw AccessRefusal.unauthenticated
            }
            switch told.item {
            case .event(let event):
                let cursor = cursorSigner.cursor(of: told.topic, at: event.seq)
                switch try await read(event, room, cursor) {
                case .told(let event):
                    cursors[told.topic] = cursor
                    return RoomActivity(room: room, cursor: cursor, event: event)
                case .silent: cursors[told.topic] = cursor
                case .hidden: return end(room, told.topic)
                }
            case .caughtUp(let count):
                let cursor = cursors[told.topic] ?? ""
                let event = CaughtUp(cursor: cursor, occurredAt: now, replayed: Int32(clamping: count))
                return RoomActivity(room: room, cursor: cursor, event: .caughtUp(event))
            case .resyncRequired(let seq):
                let cursor = cursorSigner.cursor(of: told.topic, at: seq)
                cursors[told.topic] = cursor
                let event = ResyncRequired(cursor: cursor, occurredAt: now, reason: .unknownCursor)
                return RoomActivity(room: room, cursor: cursor, event: .resyncRequired(event))
            }
        }
        return nil
    }

    private var now: DateTime { DateTime(services.now) }

    private mutating func end(_ room: UUID, _ topic: String) -> RoomActivity {
        isOver = true
        lease.subscription.cancel()
        let cursor = cursors[topic] ?? ""
        let event = AccessRevoked(cursor: cursor, occurredAt: now, reason: .notAMember)
        return RoomActivity(room: room, cursor: cursor, event: .accessRevoked(event))
    }

    private enum Reading {
        case told(RoomEvent)
        /// Of a kind that has no type in the schema.
        case silent
        /// The room is not to be seen any more.
        case hidden
    }

    private func read(_ event: Event, _ room: UUID, _ cursor: String) async throws -> Reading {
        let viewer = principal.user.id
        let session = try context.databaseInUse().session
        let payload = try RoomEventPayload(event.payload)
        let time = DateTime(event.at)
        if let id = payload.id("message") {
            guard let row = try await session.messages([id], visibleTo: viewer).first else { return .hidden }
            let message = MessageItem(row: row, viewer: viewer)
            let told = MessageActivity(cursor: cursor, occurredAt: time, message: message)
            switch event.kind {
            case "MessageCreated": return .told(.messageCreated(told))
            case "MessageEdited": return .told(.messageEdited(told))
            case "MessageDeleted": return .told(.messageDeleted(told))
            case "ReactionChanged":
                let reaction = ReactionActivity(
                    cursor: cursor,
                    occurredAt: time,
                    message: message,
                    emoji: payload.text("emoji") ?? "",
                    added: payload.flag("added"),
                    by: event.actor
                )
                return .told(.reactionChanged(reaction))
            default: return .silent
            }
        }
        guard try await !session.rooms([room], visibleTo: viewer).isEmpty else { return .hidden }
        guard let user = payload.id("user") else { return .silent }
        let told = MemberActivity(cursor: cursor, occurredAt: time, member: user, viewer: viewer)
        switch event.kind {
        case "RoomMemberJoined": return .told(.roomMemberJoined(told))
        case "RoomMemberLeft": return .told(.roomMemberLeft(told))
        case "ReadPositionChanged":
            let read = ReadActivity(
                cursor: cursor,
                occurredAt: time,
                lastReadSeq: Int32(clamping: payload.number("seq") ?? 0),
                member: user,
                viewer: viewer
            )
            return .told(.readPositionChanged(read))
        default: return .silent
        }
    }
}

/// Leaves the feed when nobody listens any more, however that comes about.
private final class MergedLease: Sendable {
    let subscription: MergedSubscription

    init(_ subscription: MergedSubscription) { self.subscription = subscription }

    deinit { subscription.leave() }
}
