import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient

/// The model of RoomActivity: something that happened in one of the rooms that a subscription is about. An object: every
/// function on the way to an event has a place for it, for as long as it is waited for.
final class RoomActivity: Sendable, SharedEvent {
    let room: UUID
    let cursor: String
    let event: RoomEvent

    init(room: UUID, cursor: String, event: RoomEvent) {
        self.room = room
        self.cursor = cursor
        self.event = event
    }

    var roomId: ID { ID(rawValue: RoomGlobalID.text(room)) }

    var sharing: (any AnswerSharing)? {
        switch event {
        case .messageCreated(let told), .messageEdited(let told), .messagePinChanged(let told),
            .messageDeleted(let told):
            told.sharing
        default: nil
        }
    }
}

/// The model of events about a message.
struct MessageActivity: Sendable, SharedEvent {
    let cursor: String
    let occurredAt: DateTime
    let message: MessageItem

    var sharing: (any AnswerSharing)? { message.hearing }
}

/// The model of ReactionChanged.
struct ReactionActivity: Sendable {
    let cursor: String
    let occurredAt: DateTime
    let message: MessageItem
    let emoji: String
    let added: Bool
    let person: SharedPerson

    static func user(of parents: Batch<ReactionActivity>, in context: RequestContext) async throws -> Results<User?> {
        await parents.oneByOne { try await $0.person.user(seenBy: $0.message.viewer) }
    }
}

/// The model of events about somebody in a room.
struct MemberActivity: Sendable {
    let cursor: String
    let occurredAt: DateTime
    let person: SharedPerson
    let viewer: UUID

    static func user(of parents: Batch<MemberActivity>, in context: RequestContext) async throws -> Results<User?> {
        await parents.oneByOne { try await $0.person.user(seenBy: $0.viewer) }
    }
}

/// The model of ReadPositionChanged.
struct ReadActivity: Sendable {
    let cursor: String
    let occurredAt: DateTime
    let lastReadSeq: Int32
    let person: SharedPerson
    let viewer: UUID

    static func user(of parents: Batch<ReadActivity>, in context: RequestContext) async throws -> Results<User?> {
        await parents.oneByOne { try await $0.person.user(seenBy: $0.viewer) }
    }
}

extension Batch {
    /// Where there is one parent, as in every event of a subscription, and what it asks for is shared with others.
    func oneByOne<Value>(_ value: (Parent) async throws -> Value) async -> Results<Value> {
        var results = Results<Value>(reserving: count)
        for parent in self {
            do { results.append(try await value(parent)) } catch { results.append(error: error) }
        }
        return results
    }
}

/// What the log has of an event: ids, and a few words.
struct RoomEventPayload: Sendable {
    private let value: Value

    init(_ text: JSONText) throws { value = try Value(json: Array(text.text.utf8)) }

    func id(_ name: String) -> UUID? {
        if case .string(let text) = value[name] { UUID(text) } else { nil }
    }

    func text(_ name: String) -> String? {
        if case .string(let text) = value[name] { text } else { nil }
    }

    func number(_ name: String) -> Int? {
        if case .int(let number) = value[name] { number } else { nil }
    }

    func flag(_ name: String) -> Bool { value[name] == .boolean(true) }
}
