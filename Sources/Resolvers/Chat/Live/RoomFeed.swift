import Actions
import Data
import EventLoop
import GraphQLEngine
import PostgresClient

/// What happens in some rooms, as a subscription tells it: what was missed, then what comes.
///
/// Before each event it is asked whether whoever listens still sees its room, by what the hub of the loop knows; the log's
/// own order makes sure that what follows a removal is not told even while it is read late. The event itself is read for all
/// listeners together. Who may no longer see one of the rooms is told that and nothing more; who is no longer signed in gets
/// `UNAUTHENTICATED`.
struct RoomFeed: AsyncSequence, AsyncIteratorProtocol {
    private let lease: MergedLease
    private let hub: RoomHub
    private let visitor: Visitor
    private let services: IdentityServices
    private let cursorSigner: CursorSigner
    private let rooms: [String: UUID]
    /// The last place that was told of each topic.
    private var cursors: [String: String]
    private var isOver = false

    /// - Parameter rooms: where to begin in each; from now on without a cursor. The viewer must see them all.
    init(_ rooms: [(id: UUID, after: String?)], for visitor: Visitor, in context: RequestContext) async throws {
        let database = try context.databaseInUse()
        (services, _) = try context.identityServices()
        self.visitor = visitor
        let signer = database.cursors
        cursorSigner = signer
        let places = rooms.map { room -> (topic: String, after: Int?) in
            let topic = NewEvent.roomTopic(room.id)
            // A place that no topic has come to is lost, as one of elsewhere is.
            return (topic, room.after.map { signer.seq($0, in: topic) ?? .max })
        }
        self.rooms = Dictionary(zip(places.map(\.topic), rooms.map(\.id))) { first, _ in first }
        cursors = Dictionary(zip(places.map(\.topic), rooms.map { $0.after ?? "" })) { first, _ in first }
        hub = RoomHub.here(database)
        let subscription = try await database.events.subscribe(to: places)
        for room in rooms { hub.join(room.id, visitor.id) }
        lease = MergedLease(subscription, hub, rooms.map(\.id), visitor.id, PresenceHold(visitor, database))
    }

    func makeAsyncIterator() -> RoomFeed { self }

    mutating func next() async throws -> RoomActivity? {
        while !isOver, let told = try await lease.subscription.next() {
            guard let room = rooms[told.topic] else { continue }
            guard try await services.goesOn(visitor) else {
                isOver = true
                throw AccessRefusal.unauthenticated
            }
            switch told.item {
            case .event(let event):
                let shared = try hub.shared(event, of: room)
                let cursor = shared.cursor
                switch try await read(shared, room) {
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

    private func read(_ told: SharedRoomEvent, _ room: UUID) async throws -> Reading {
        let viewer = visitor.id
        let message = try await told.message()
        // Asked last: what becomes known of a removal while the event is read still counts.
        guard try await hub.admits(viewer, to: room) else { return .hidden }
        let (event, payload, cursor) = (told.event, told.payload, told.cursor)
        let time = DateTime(event.at)
        if let message {
            let hearing = Hearing(told, by: viewer)
            let item = MessageItem(row: message.row, viewer: viewer, shared: message, hearing: hearing)
            let activity = MessageActivity(cursor: cursor, occurredAt: time, message: item)
            switch event.kind {
            case "MessageCreated": return .told(.messageCreated(activity))
            case "MessageEdited": return .told(.messageEdited(activity))
            case "MessagePinChanged": return .told(.messagePinChanged(activity))
            case "MessageDeleted": return .told(.messageDeleted(activity))
            case "ReactionChanged":
                let reaction = ReactionActivity(
                    cursor: cursor,
                    occurredAt: time,
                    message: item,
                    emoji: payload.text("emoji") ?? "",
                    added: payload.flag("added"),
                    person: told.person
                )
                return .told(.reactionChanged(reaction))
            default: return .silent
            }
        }
        if event.kind == "CallChanged", let call = payload.id("call") {
            guard let row = try await hub.shared.calls.value(for: call) else { return .silent }
            let activity = CallActivity(cursor: cursor, occurredAt: time, call: CallItem(row: row, viewer: viewer))
            return .told(.callChanged(activity))
        }
        if event.kind == "ConversationChanged" || event.kind == "RoomUpdated" {
            let view = RoomView(room: room, user: viewer)
            guard let row = try await hub.shared.views.value(for: view), let item = Room(row, viewer)
            else { return .hidden }
            if case .conversation(let conversation) = item, event.kind == "ConversationChanged" {
                return .told(
                    .conversationChanged(
                        ConversationActivity(cursor: cursor, occurredAt: time, conversation: conversation)
                    )
                )
            }
            return .told(.roomUpdated(RoomUpdated(cursor: cursor, occurredAt: time, room: item)))
        }
        guard payload.id("user") != nil else { return .silent }
        let activity = MemberActivity(cursor: cursor, occurredAt: time, person: told.person, viewer: viewer)
        switch event.kind {
        case "RoomMemberJoined": return .told(.roomMemberJoined(activity))
        case "RoomMemberLeft": return .told(.roomMemberLeft(activity))
        case "ReadPositionChanged":
            let read = ReadActivity(
                cursor: cursor,
                occurredAt: time,
                lastReadSeq: Int32(clamping: payload.number("seq") ?? 0),
                person: told.person,
                viewer: viewer
            )
            return .told(.readPositionChanged(read))
        default: return .silent
        }
    }
}

/// Leaves the feed and the hub when nobody listens any more, however that comes about.
private final class MergedLease: Sendable {
    let subscription: MergedSubscription
    private let hub: RoomHub
    private let rooms: [UUID]
    private let listener: UUID
    /// Nil for guests, who are nowhere else.
    private let hold: PresenceHold?

    init(
        _ subscription: MergedSubscription,
        _ hub: RoomHub,
        _ rooms: [UUID],
        _ listener: UUID,
        _ hold: PresenceHold?
    ) {
        self.listener = listener
        self.hold = hold
        self.subscription = subscription
        self.hub = hub
        self.rooms = rooms
    }

    deinit { subscription.leave { [hub, rooms, listener] in hub.leave(rooms, listener) } }
}
