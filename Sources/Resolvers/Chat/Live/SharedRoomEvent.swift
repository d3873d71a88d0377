import Data
import Markup
import PostgresClient

/// Something that happened in a room, as all listeners of a loop share it: read once, told to each.
final class SharedRoomEvent: Sendable {
    let event: Event
    let payload: RoomEventPayload
    /// The event's place in its topic.
    let cursor: String
    let messageID: UUID?
    /// Nil where it is not about a message.
    private let loadedMessage: SharedValue<SharedMessage?>?
    /// Who did it, or whom it is about.
    let person: SharedPerson

    let weight: SharedWeight
    /// What its listeners were told of it.
    let answers: EventAnswers

    /// What one takes about, without what hangs on it.
    static let ownBytes = 1_024

    init(
        _ event: Event,
        _ payload: RoomEventPayload,
        cursor: String,
        _ loads: SharedRoomLoads,
        _ weight: SharedWeight
    ) {
        self.weight = weight
        answers = EventAnswers(weight)
        self.event = event
        self.payload = payload
        self.cursor = cursor
        messageID = payload.id("message")
        let person = SharedPerson(payload.id("user") ?? event.actor, loads)
        self.person = person
        loadedMessage = messageID.map { SharedMessage.loaded($0, loads, weight, besides: person) }
    }

    /// Reads the message; what fails is read again by whoever asks.
    func readAhead() async { _ = try? await message() }

    /// Nil where it is not about a message, or the message is gone altogether.
    func message() async throws -> SharedMessage? { try await loadedMessage?.get() }
}

/// A message and what hangs on it, as all listeners of a loop share it.
final class SharedMessage: Sendable {
    let row: MessageRow
    let author: SharedPerson
    let bodyHtml: SharedValue<String>
    private let target: SharedValue<SharedMessage?>?
    private let root: SharedValue<SharedMessage?>?
    private let files: SharedValue<[AttachmentRow]>
    private let mentioned: SharedValue<[SharedPerson]>
    private let below: SharedValue<ThreadRow?>
    private let summaries: SharedValue<[ReactionRow]>
    private let former: SharedValue<[MessageRevisionRow]>
    private let loads: SharedRoomLoads

    /// - Parameter person: whoever is known already, who may be the author.
    private init(
        _ row: MessageRow,
        _ loads: SharedRoomLoads,
        _ weight: SharedWeight,
        besides person: SharedPerson?
    ) {
        weight.add(SharedRoomEvent.ownBytes + row.body.utf8.count)
        self.row = row
        self.loads = loads
        author = if let person, person.id == row.authorID { person } else { SharedPerson(row.authorID, loads) }
        target = row.replyToID.map { Self.loaded($0, loads, weight) }
        bodyHtml = SharedValue(on: loads.loop) {
            let html = Markdown.html(of: row.body)
            weight.add(html.utf8.count)
            return html
        }
        root = row.threadRootID.map { Self.loaded($0, loads, weight) }
        let id = row.id
        files = SharedValue(on: loads.loop) { try await loads.attachments.value(for: id) ?? [] }
        mentioned = SharedValue(on: loads.loop) {
            (try await loads.mentions.value(for: id) ?? []).map { SharedPerson($0.userID, loads) }
        }
        below = SharedValue(on: loads.loop) { try await loads.threads.value(for: id) }
        summaries = SharedValue(on: loads.loop) { try await loads.reactions.value(for: id) ?? [] }
        former = SharedValue(on: loads.loop) {
            let revisions = try await loads.revisions.value(for: id) ?? []
            weight.add(revisions.reduce(0) { $0 + $1.body.utf8.count })
            return revisions
        }
    }

    static func loaded(
        _ id: UUID,
        _ loads: SharedRoomLoads,
        _ weight: SharedWeight,
        besides person: SharedPerson? = nil
    ) -> SharedValue<SharedMessage?> {
        SharedValue(on: loads.loop) {
            try await loads.messages.value(for: id).map { SharedMessage($0, loads, weight, besides: person) }
        }
    }

    /// What it answers: a message of the same room.
    func replyTo() async throws -> SharedMessage? { try await target?.get() }

    /// The first message of the thread it stands in.
    func threadRoot() async throws -> SharedMessage? { try await root?.get() }

    func thread() async throws -> ThreadRow? { try await below.get() }

    func attachments() async throws -> [AttachmentRow] { try await files.get() }

    func mentions(seenBy item: MessageItem) async throws -> [User] {
        var users: [User] = []
        for person in try await mentioned.get() {
            if let user = try await item.user(person) { users.append(user) }
        }
        return users
    }

    func isStarred(by viewer: UUID) async throws -> Bool {
        try await loads.stars.value(for: .init(message: row.id, user: viewer)) ?? false
    }

    func isThreadFollowed(by viewer: UUID) async throws -> Bool {
        try await loads.following.value(for: ThreadView(root: row.id, user: viewer)) ?? false
    }

    func unreadReplies(of viewer: UUID) async throws -> Int {
        try await loads.unreadReplies.value(for: ThreadView(root: row.id, user: viewer)) ?? 0
    }

    func revisions() async throws -> [MessageRevisionRow] { try await former.get() }

    func room(seenBy viewer: UUID) async throws -> RoomRow? {
        try await loads.views.value(for: RoomView(room: row.roomID, user: viewer))
    }

    func reactions(seenBy viewer: UUID) async throws -> [ReactionItem] {
        let rows = try await summaries.get()
        guard !rows.isEmpty else { return [] }
        let own = try await loads.ownReactions.value(for: .init(message: row.id, user: viewer)) ?? []
        return rows.map { ReactionItem($0, isOwn: own.contains($0.emoji), viewer: viewer) }
    }
}

/// Somebody, as all listeners of a loop share them; nobody once the account is gone.
struct SharedPerson: Sendable {
    let id: UUID?
    private let row: SharedValue<UserRow?>?

    init(_ id: UUID?, _ loads: SharedRoomLoads) {
        self.id = id
        row = id.map { id in SharedValue(on: loads.loop) { try await loads.users.value(for: id) } }
    }

    /// Reads who it is; what fails is read again by whoever asks.
    func readAhead() async { _ = try? await row?.get() }

    func user(seenBy viewer: UUID) async throws -> User? {
        guard let row = try await row?.get(), row.status != "DELETED" else { return nil }
        return User(row, seesAll: row.id == viewer)
    }
}
