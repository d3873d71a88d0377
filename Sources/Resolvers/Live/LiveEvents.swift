import Actions
import Data
import EventLoop
import GraphQLEngine
import PostgresClient

/// What every subscription to a topic may tell beside its events.
enum LiveControl: Sendable {
    case caughtUp(CaughtUp)
    case resyncRequired(ResyncRequired)
}

/// An event with its place, as clients see it.
struct LivePlace: Sendable {
    let event: Event
    let cursor: String
    let occurredAt: DateTime
}

/// The events of a topic as a subscription tells them: what was missed, then what comes, each while whoever listens may
/// still hear it.
///
/// Before each event it is asked whether their session goes on, by what the process has read of it within a second. When
/// it does not, the subscription ends with `UNAUTHENTICATED`.
struct LiveEvents<Value: Sendable>: AsyncSequence, AsyncIteratorProtocol {
    private let lease: Lease
    private let context: RequestContext
    private let listener: LiveListener
    private let control: @Sendable (LiveControl) -> Value
    private let event: @Sendable (LivePlace) async throws -> Value?
    private let isLast: @Sendable (Value) -> Bool
    private var isOver = false
    /// The last place that was told.
    private var cursor: String

    /// - Parameters:
    ///   - cursor: of the last event that was got; one of elsewhere is answered with a resynchronisation.
    ///   - event: nil for events that this subscription does not tell.
    ///   - isLast: whether nothing follows, such as behind what tells that somebody may hear no more.
    init(
        _ topic: String,
        after cursor: String?,
        for principal: Principal,
        in context: RequestContext,
        control: @escaping @Sendable (LiveControl) -> Value,
        event: @escaping @Sendable (LivePlace) async throws -> Value?,
        isLast: @escaping @Sendable (Value) -> Bool = { _ in false }
    ) async throws {
        let database = try context.databaseInUse()
        let (services, _) = try context.identityServices()
        // A place that no topic has come to is lost, as one of elsewhere is.
        let seq = cursor.map { database.cursors.seq($0, in: topic) ?? .max }
        let subscription = try await database.events.subscribe(to: topic, after: seq)
        lease = Lease(subscription, PresenceHold(principal, database))
        self.cursor = cursor ?? ""
        listener = LiveListener(principal, services)
        self.context = context
        self.control = control
        self.event = event
        self.isLast = isLast
    }

    func makeAsyncIterator() -> LiveEvents { self }

    mutating func next() async throws -> Value? {
        while !isOver, let item = try await lease.subscription.next() {
            guard try await listener.goesOn() else {
                isOver = true
                throw AccessRefusal.unauthenticated
            }
            if let value = try await tell(item) {
                isOver = isLast(value)
                return value
            }
        }
        return nil
    }

    @inline(never)
    private mutating func tell(_ item: FeedItem) async throws -> Value? {
        let topic = lease.subscription.topic
        let cursors = try context.databaseInUse().cursors
        switch item {
        case .event(let told):
            cursor = cursors.cursor(of: topic, at: told.seq)
            return try await event(LivePlace(event: told, cursor: cursor, occurredAt: DateTime(told.at)))
        case .caughtUp(let count):
            let replayed = Int32(clamping: count)
            return control(.caughtUp(CaughtUp(cursor: cursor, occurredAt: now, replayed: replayed)))
        case .resyncRequired(let seq):
            cursor = cursors.cursor(of: topic, at: seq)
            return control(
                .resyncRequired(ResyncRequired(cursor: cursor, occurredAt: now, reason: .unknownCursor))
            )
        }
    }

    private var now: DateTime { listener.now }
}

/// Who listens. Apart, because whoever waits holds a copy of each struct that is called meanwhile.
private final class LiveListener: Sendable {
    private let principal: Principal
    private let services: IdentityServices

    init(_ principal: Principal, _ services: IdentityServices) {
        self.principal = principal
        self.services = services
    }

    var now: DateTime { DateTime(services.now) }

    @inline(never)
    func goesOn() async throws -> Bool { try await services.goesOn(principal) }
}

/// Leaves the feed when nobody listens any more, however that comes about.
private final class Lease: Sendable {
    let subscription: EventSubscription
    private let loop: EventLoop
    /// Whoever listens is there.
    private let hold: PresenceHold

    init(_ subscription: EventSubscription, _ hold: PresenceHold) {
        self.hold = hold
        self.subscription = subscription
        loop = subscription.loop
    }

    deinit { loop.execute { [subscription] in subscription.cancel() } }
}
