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
    private let reader: RoomReader
    /// The last place that was told of each topic.
    private var cursors: [String: String]
    private var isOver = false

    /// - Parameter rooms: where to begin in each; from now on without a cursor. The viewer must see them all.
    init(_ rooms: [(id: UUID, after: String?)], for visitor: Visitor, in context: RequestContext) async throws {
        let database = try context.databaseInUse()
        let (services, _) = try context.identityServices()
        let signer = database.cursors
        let places = rooms.map { room -> (topic: String, after: Int?) in
            let topic = NewEvent.roomTopic(room.id)
            // A place that no topic has come to is lost, as one of elsewhere is.
            return (topic, room.after.map { signer.seq($0, in: topic) ?? .max })
        }
        cursors = Dictionary(zip(places.map(\.topic), rooms.map { $0.after ?? "" })) { first, _ in first }
        let hub = RoomHub.here(database)
        reader = RoomReader(
            hub,
            visitor,
            services,
            signer,
            rooms: Dictionary(zip(places.map(\.topic), rooms.map(\.id))) { first, _ in first }
        )
        let subscription = try await database.events.subscribe(to: places)
        for room in rooms { hub.join(room.id, visitor.id) }
        lease = MergedLease(subscription, hub, rooms.map(\.id), visitor.id, PresenceHold(visitor, database))
    }

    func makeAsyncIterator() -> RoomFeed { self }

    mutating func next() async throws -> RoomActivity? {
        while !isOver, let told = try await lease.subscription.next() {
            guard let room = reader.rooms[told.topic] else { continue }
            guard try await reader.goesOn() else {
                isOver = true
                throw AccessRefusal.unauthenticated
            }
            if case .event(let event) = told.item {
                let shared = try reader.hub.shared(event, of: room)
                switch try await reader.read(shared, room) {
                case .told(let activity):
                    cursors[told.topic] = shared.cursor
                    return activity
                case .silent: cursors[told.topic] = shared.cursor
                case .hidden: return end(room, told.topic)
                }
            } else {
                return tell(told.item, room, told.topic)
            }
        }
        return nil
    }

    /// What is told beside events.
    @inline(never)
    private mutating func tell(_ item: FeedItem, _ room: UUID, _ topic: String) -> RoomActivity? {
        switch item {
        case .event: return nil
        case .caughtUp(let count):
            let cursor = cursors[topic] ?? ""
            let event = CaughtUp(cursor: cursor, occurredAt: reader.now, replayed: Int32(clamping: count))
            return RoomActivity(room: room, cursor: cursor, event: .caughtUp(event))
        case .resyncRequired(let seq):
            let cursor = reader.cursorSigner.cursor(of: topic, at: seq)
            cursors[topic] = cursor
            let event = ResyncRequired(cursor: cursor, occurredAt: reader.now, reason: .unknownCursor)
            return RoomActivity(room: room, cursor: cursor, event: .resyncRequired(event))
        }
    }

    @inline(never)
    private mutating func end(_ room: UUID, _ topic: String) -> RoomActivity {
        isOver = true
        lease.subscription.cancel()
        let cursor = cursors[topic] ?? ""
        let event = AccessRevoked(cursor: cursor, occurredAt: reader.now, reason: .notAMember)
        return RoomActivity(room: room, cursor: cursor, event: .accessRevoked(event))
    }
}

/// How one listener is told the events of their rooms.
///
/// What waits is held for as long as nothing happens, with a copy of each struct that it calls: so that these are kept here, and
/// functions that make large values are not made a part of those that wait.
private final class RoomReader: Sendable {
    let hub: RoomHub
    let cursorSigner: CursorSigner
    /// By their topics.
    let rooms: [String: UUID]
    private let visitor: Visitor
    private let services: IdentityServices

    init(
        _ hub: RoomHub,
        _ visitor: Visitor,
        _ services: IdentityServices,
        _ cursorSigner: CursorSigner,
        rooms: [String: UUID]
    ) {
        self.hub = hub
        self.visitor = visitor
        self.services = services
        self.cursorSigner = cursorSigner
        self.rooms = rooms
    }

    var now: DateTime { DateTime(services.now) }

    @inline(never)
    func goesOn() async throws -> Bool { try await services.goesOn(visitor) }

    enum Reading {
        case told(RoomActivity)
        /// Of a kind that has no type in the schema.
        case silent
        /// The room is not to be seen any more.
        case hidden
    }

    @inline(never)
    func read(_ told: SharedRoomEvent, _ room: UUID) async throws -> Reading {
        let message = try await told.message()
        // Asked last: what becomes known of a removal while the event is read still counts.
        guard try await hub.admits(visitor.id, to: room) else { return .hidden }
        let kind = told.event.kind
        if let message { return reading(aboutMessage(told, message), told, room) }
        if kind == "CallChanged", let call = told.payload.id("call") { return try await readCall(call, told, room) }
        if kind == "ConversationChanged" || kind == "RoomUpdated" { return try await readRoom(told, room) }
        return reading(aboutMember(told), told, room)
    }

    private func reading(_ event: RoomEvent?, _ told: SharedRoomEvent, _ room: UUID) -> Reading {
        event.map { .told(RoomActivity(room: room, cursor: told.cursor, event: $0)) } ?? .silent
    }

    @inline(never)
    private func readCall(_ call: UUID, _ told: SharedRoomEvent, _ room: UUID) async throws -> Reading {
        guard let row = try await hub.shared.calls.value(for: call) else { return .silent }
        let item = CallItem(row: row, viewer: visitor.id)
        let activity = CallActivity(cursor: told.cursor, occurredAt: DateTime(told.event.at), call: item)
        return reading(.callChanged(activity), told, room)
    }

    @inline(never)
    private func readRoom(_ told: SharedRoomEvent, _ room: UUID) async throws -> Reading {
        let view = RoomView(room: room, user: visitor.id)
        guard let row = try await hub.shared.views.value(for: view), let item = Room(row, visitor.id)
        else { return .hidden }
        let (cursor, time) = (told.cursor, DateTime(told.event.at))
        if case .conversation(let conversation) = item, told.event.kind == "ConversationChanged" {
            let activity = ConversationActivity(cursor: cursor, occurredAt: time, conversation: conversation)
            return reading(.conversationChanged(activity), told, room)
        }
        return reading(.roomUpdated(RoomUpdated(cursor: cursor, occurredAt: time, room: item)), told, room)
    }

    /// Nil for what has no type in the schema.
    @inline(never)
    private func aboutMessage(_ told: SharedRoomEvent, _ message: SharedMessage) -> RoomEvent? {
        let (viewer, cursor, time) = (visitor.id, told.cursor, DateTime(told.event.at))
        let hearing = Hearing(told, by: viewer)
        let item = MessageItem(row: message.row, viewer: viewer, shared: message, hearing: hearing)
        let activity = MessageActivity(cursor: cursor, occurredAt: time, message: item)
        switch told.event.kind {
        case "MessageCreated": return .messageCreated(activity)
        case "MessageEdited": return .messageEdited(activity)
        case "MessagePinChanged": return .messagePinChanged(activity)
        case "MessageDeleted": return .messageDeleted(activity)
        case "ReactionChanged":
            let reaction = ReactionActivity(
                cursor: cursor,
                occurredAt: time,
                message: item,
                emoji: told.payload.text("emoji") ?? "",
                added: told.payload.flag("added"),
                person: told.person
            )
            return .reactionChanged(reaction)
        default: return nil
        }
    }

    @inline(never)
    private func aboutMember(_ told: SharedRoomEvent) -> RoomEvent? {
        guard told.payload.id("user") != nil else { return nil }
        let (viewer, cursor, time) = (visitor.id, told.cursor, DateTime(told.event.at))
        let activity = MemberActivity(cursor: cursor, occurredAt: time, person: told.person, viewer: viewer)
        switch told.event.kind {
        case "RoomMemberJoined": return .roomMemberJoined(activity)
        case "RoomMemberLeft": return .roomMemberLeft(activity)
        case "ReadPositionChanged":
            let read = ReadActivity(
                cursor: cursor,
                occurredAt: time,
                lastReadSeq: Int32(clamping: told.payload.number("seq") ?? 0),
                person: told.person,
                viewer: viewer
            )
            return .readPositionChanged(read)
        default: return nil
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
