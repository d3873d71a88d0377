import Actions
import Data
import EventLoop
import PostgresClient

/// What all who listen to rooms on one loop have in common: who of them may, and what has happened.
///
/// An event costs the same few statements whether two people listen to its room or two thousand. That somebody may listen
/// is known until an event of the room could change it, which is noted before the event is told to anybody, and for a few
/// seconds at most; then it is asked anew, for all by one statement.
///
/// `@unchecked Sendable`: confined to its loop.
final class RoomHub: @unchecked Sendable {
    /// Events of one room that are kept for those who have not come to them yet.
    fileprivate static let mostRecent = 256
    /// How long somebody is believed to see a room of which nothing is heard.
    private static let accessLifetime: UInt64 = 5_000_000_000

    /// A room that somebody on this loop listens to.
    private final class Audience {
        /// How often each of them listens to the room.
        var listeners: [UUID: Int] = [:]
        /// When it was last found that one of them sees the room.
        var seenAt: [UUID: UInt64] = [:]
        /// Rises with every event that could change who sees it.
        var epoch = 0
        /// The last event that was heard of.
        var noted = 0
        private var recent: [Int: SharedRoomEvent] = [:]
        /// The numbers of the recent ones, in the order in which they came to be known.
        private var order: [Int] = []

        subscript(seq: Int) -> SharedRoomEvent? { recent[seq] }

        func keep(_ event: SharedRoomEvent) {
            recent[event.event.seq] = event
            order.append(event.event.seq)
            if order.count > RoomHub.mostRecent { forget([order[0]]) }
        }

        func forget(message: UUID) { forget(order.filter { recent[$0]?.messageID == message }) }

        func forgetAll() { forget(order) }

        private func forget(_ seqs: [Int]) {
            guard !seqs.isEmpty else { return }
            for seq in seqs { recent.removeValue(forKey: seq)?.weight.forget() }
            order.removeAll { recent[$0] == nil }
        }
    }

    let shared: SharedRoomLoads
    private let loop: EventLoop
    private let cursors: CursorSigner
    private var audiences: [UUID: Audience] = [:]
    /// Bytes of what is kept of events, and how many there may be: all is forgotten then, and read anew by those who need it.
    private let weights: SharedWeights

    private init(_ database: Database, _ loop: EventLoop) {
        self.loop = loop
        cursors = database.cursors
        shared = SharedRoomLoads(database, loop)
        weights = SharedWeights(limit: database.events.options.sharedBytes)
        database.events.observe { [weak self] in self?.note($0) }
        database.events.readAhead { [weak self] in await self?.readAhead($0) }
    }

    /// That of the loop the caller runs on, beside its feed of events.
    static func here(_ database: Database) -> RoomHub {
        let feed = database.events
        return feed.loop.local(of: feed) { RoomHub(database, feed.loop) }
    }

    // MARK: Listening

    /// To be called when the room's events are subscribed to already: what was known of the listener is asked anew, as what
    /// happened before was not heard of.
    func join(_ room: UUID, _ listener: UUID) {
        let audience = audiences[room] ?? Audience()
        audiences[room] = audience
        audience.listeners[listener, default: 0] += 1
        audience.seenAt[listener] = nil
    }

    func leave(_ rooms: [UUID], _ listener: UUID) {
        for room in rooms {
            guard let audience = audiences[room], let times = audience.listeners[listener] else { continue }
            audience.listeners[listener] = times > 1 ? times - 1 : nil
            if times == 1 { audience.seenAt[listener] = nil }
            if audience.listeners.isEmpty {
                audience.forgetAll()
                audiences[room] = nil
            }
        }
    }

    /// What is known of listeners and kept of events, for tests: both end with those who listen.
    var size: (rooms: Int, known: Int, bytes: Int) {
        (audiences.count, audiences.values.reduce(0) { $0 + $1.seenAt.count }, weights.total)
    }

    func admits(_ listener: UUID, to room: UUID) async throws -> Bool {
        guard let audience = audiences[room] else { return false }
        // Where others come and go all the time, what was asked after the event was told is good enough.
        for _ in 0..<4 {
            if let time = audience.seenAt[listener], loop.now &- time < Self.accessLifetime { return true }
            let epoch = audience.epoch
            guard try await shared.views.value(for: RoomView(room: room, user: listener)) != nil else { return false }
            if audience.epoch == epoch {
                if audience.listeners[listener] != nil { audience.seenAt[listener] = loop.now }
                return true
            }
        }
        return true
    }

    /// How often somebody was told what somebody else had been told, without an execution of their own.
    var repetitions: UInt64 { weights.repetitions }

    // MARK: Events

    /// The event as all others on this loop share it. Whoever reads the log may have come to it before the feed of the loop
    /// has: it is heard of here, too.
    func shared(_ event: Event, of room: UUID) throws -> SharedRoomEvent {
        let audience = audiences[room]
        if let audience { note(event, audience) }
        if let known = audience?[event.seq] { return known }
        let payload = try RoomEventPayload(event.payload)
        let cursor = cursors.cursor(of: event.topic, at: event.seq)
        let weight = SharedWeight(weights)
        let made = SharedRoomEvent(event, payload, cursor: cursor, shared, weight)
        if weights.isFull { for audience in audiences.values { audience.forgetAll() } }
        weight.add(SharedRoomEvent.ownBytes + event.payload.text.utf8.count)
        if let audience { audience.keep(made) } else { weight.forget() }
        return made
    }

    /// Reads new messages and their authors, all in one turn, before anybody is told of them: whoever is told first would wait
    /// for them, and all others for that.
    private func readAhead(_ events: [Event]) async {
        var tasks: [Task<Void, Never>] = []
        var ahead: [UUID: Int] = [:]
        for event in events {
            guard let room = NewEvent.room(ofTopic: event.topic), let audience = audiences[room] else { continue }
            // None is passed over: each could change who sees the room.
            note(event, audience)
            guard event.kind == "MessageCreated", ahead[room, default: 0] < Self.mostRecent / 2,
                let told = try? shared(event, of: room)
            else { continue }
            ahead[room, default: 0] += 1
            tasks.append(loop.startTask { await told.readAhead() })
            tasks.append(loop.startTask { await told.person.readAhead() })
        }
        for task in tasks { await task.value }
    }

    /// Hears of each event before anybody is told of it.
    private func note(_ event: Event) {
        guard let room = NewEvent.room(ofTopic: event.topic), let audience = audiences[room] else { return }
        note(event, audience)
    }

    /// Once for each event, in their order: those before it were heard of when it is.
    private func note(_ event: Event, _ audience: Audience) {
        guard event.seq > audience.noted else { return }
        audience.noted = event.seq
        guard event.kind != "MessageCreated" else { return }
        let payload = try? RoomEventPayload(event.payload)
        // What was read of the message may not be told any more: it may have been deleted.
        switch event.kind {
        // Others that answer it have it, too.
        case "MessageEdited", "MessageDeleted": audience.forgetAll()
        default: if let message = payload?.id("message") { audience.forget(message: message) }
        }
        guard !Self.harmless.contains(event.kind) else { return }
        audience.epoch += 1
        if let user = payload?.id("user") { audience.seenAt[user] = nil } else { audience.seenAt = [:] }
    }

    /// Events after which everybody sees what they saw before. All others are taken to change that: `ConversationChanged`
    /// tells of links that end, too, and `RoomUpdated` of channels that become private.
    private static let harmless: Set = [
        "MessageEdited", "MessageDeleted", "MessagePinChanged", "ReactionChanged", "ReadPositionChanged",
        "CallChanged",
    ]
}
