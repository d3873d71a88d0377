import Actions
import Data
import EventLoop
import GraphQLEngine
import PostgresClient

extension Subscription {
    static func typing(
        _ arguments: SubscriptionTypingArguments,
        in context: RequestContext
    ) async throws -> TypingFeed {
        let (rooms, _) = try await context.roomsToHear(arguments.roomIds)
        let principal = try await context.signedIn()
        return try await TypingFeed(rooms, for: principal, context.identityServices().0, context.databaseInUse())
    }
}

extension Mutation {
    static func typingSet(
        _ arguments: MutationTypingSetArguments,
        in context: RequestContext
    ) async throws -> TypingSetPayload? {
        let (services, principal, client) = try await context.chat()
        guard let room = arguments.roomId.room else {
            return TypingSetPayload(expiresAt: nil, userErrors: [.notFound(["roomId"])])
        }
        let typing = TypingSet(services, principal, from: client)
        return try await typing.run(room, isTyping: arguments.typing).payload { time, errors in
            TypingSetPayload(expiresAt: time.map(DateTime.init), userErrors: errors)
        }
    }
}

/// The model of TypingEvent.
struct TypingActivity: Sendable {
    let signal: TypingSignal
    let person: SharedPerson
    let viewer: UUID

    var roomId: ID { ID(rawValue: RoomGlobalID.text(signal.room)) }
    var isTyping: Bool { signal.isTyping }
    var expiresAt: DateTime { DateTime(signal.expiresAt) }

    static func user(of parents: Batch<TypingActivity>, in context: RequestContext) async throws -> Results<User?> {
        await parents.oneByOne { try await $0.person.user(seenBy: $0.viewer) }
    }
}

/// Who types in some rooms, told to those who see them at that moment.
struct TypingFeed: AsyncSequence, AsyncIteratorProtocol {
    private let lease: SignalLease
    private let hub: RoomHub
    private let principal: Principal
    private let services: IdentityServices

    init(_ rooms: [UUID], for principal: Principal, _ services: IdentityServices, _ database: Database) async {
        self.principal = principal
        self.services = services
        hub = RoomHub.here(database)
        lease = await SignalLease(rooms.map(TypingSignal.topic), for: principal, database)
    }

    func makeAsyncIterator() -> TypingFeed { self }

    mutating func next() async throws -> TypingActivity? {
        let viewer = principal.user.id
        while let told = try await lease.subscription.next() {
            guard let signal = TypingSignal(topic: told.topic, text: told.text), signal.user != viewer else { continue }
            guard try await services.goesOn(principal) else { throw AccessRefusal.unauthenticated }
            // Removals are not heard of here, so it is asked each time, for all listeners by one statement.
            let view = RoomView(room: signal.room, user: viewer)
            guard try await hub.shared.views.value(for: view) != nil else { continue }
            return TypingActivity(signal: signal, person: SharedPerson(signal.user, hub.shared), viewer: viewer)
        }
        return nil
    }
}

/// Leaves the feed when nobody listens any more; until then the listener is there.
final class SignalLease: Sendable {
    let subscription: SignalSubscription
    private let hold: PresenceHold

    init(_ topics: [String], for principal: Principal, _ database: Database) async {
        subscription = await database.events.signals.subscribe(to: topics)
        hold = PresenceHold(principal, database)
    }

    deinit { subscription.leave() }
}

extension PresenceHold {
    /// Nil for guests.
    convenience init?(_ visitor: Visitor, _ database: Database) {
        guard case .user(let principal) = visitor else { return nil }
        self.init(principal, database)
    }

    /// Somebody listens, and so is there.
    convenience init(_ principal: Principal, _ database: Database) {
        let feed = database.events
        self.init(feed.presence, principal.user.id, on: feed.loop)
    }
}
