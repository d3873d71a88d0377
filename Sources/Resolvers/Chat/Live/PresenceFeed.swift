import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient

extension Subscription {
    static func presenceChanged(
        _ arguments: SubscriptionPresenceChangedArguments,
        in context: RequestContext
    ) async throws -> PresenceFeed {
        let principal = try await context.signedIn()
        let database = try context.databaseInUse()
        let users = Set(arguments.userIds.compactMap(\.uuid))
        let services = try context.identityServices().0
        guard users.count == arguments.userIds.count,
            let feed = try await PresenceFeed(users.sorted(), for: principal, services, database)
        else { throw GraphQLError("One of them is not there.", extensions: ["code": .string("NOT_FOUND")]) }
        return feed
    }
}

extension Mutation {
    static func presenceSet(
        _ arguments: MutationPresenceSetArguments,
        in context: RequestContext
    ) async throws -> PresenceSetPayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        let result = try await PresenceSet(services, principal, from: client).run(
            status: input.status.value?.rawValue,
            text: input.customText.value,
            emoji: input.customEmoji.value,
            until: input.expiresAt.value?.timestamp
        )
        return result.payload { row, errors in PresenceSetPayload(presence: row.map(Presence.init), userErrors: errors)
        }
    }
}

extension User {
    /// Null for those who share no group and no direct room with the viewer.
    static func presence(of parents: Batch<User>, in context: RequestContext) async throws -> Results<Presence?> {
        let viewer = try await context.signedIn().user.id
        let views = parents.map { parent in parent.id.uuid.map { PresenceView(user: $0, viewer: viewer) } }
        let rows = try await context.databaseInUse().session.presences(Array(Set(views.compactMap { $0 })))
        return Results(views.map { view in view.flatMap { rows[$0] }.map(Presence.init) })
    }
}

extension Presence {
    init(_ row: PresenceRow) {
        self.init(
            status: PresenceStatus(rawValue: row.status) ?? .offline,
            lastActiveAt: row.lastActiveAt.map(DateTime.init),
            customText: row.customText,
            customEmoji: row.customEmoji,
            customExpiresAt: row.customExpiresAt.map(DateTime.init)
        )
    }
}

/// The model of PresenceEvent.
struct PresenceActivity: Sendable {
    let presence: Presence
    let person: SharedPerson
    let viewer: UUID

    static func user(of parents: Batch<PresenceActivity>, in context: RequestContext) async throws -> Results<User?> {
        await parents.oneByOne { try await $0.person.user(seenBy: $0.viewer) }
    }
}

/// Comings and goings of some people, told to those who know them at that moment. A signal says that something changed;
/// what it is now is read for all listeners together, and told if it is not what it was: who says to be offline comes and goes
/// unseen.
struct PresenceFeed: AsyncSequence, AsyncIteratorProtocol {
    private let lease: SignalLease
    private let hub: RoomHub
    private let principal: Principal
    private let services: IdentityServices
    private let users: [String: UUID]
    private var last: [UUID: Presence]

    /// Nil where the viewer does not know one of them.
    init?(_ users: [UUID], for principal: Principal, _ services: IdentityServices, _ database: Database) async throws {
        self.principal = principal
        self.services = services
        hub = RoomHub.here(database)
        let topics = users.map(PresenceRegistry.topic)
        self.users = Dictionary(zip(topics, users)) { first, _ in first }
        lease = await SignalLease(topics, for: principal, database)
        // Read when signals are heard already: what changes from here on is told.
        let rows = try await database.session.presences(
            users.map { PresenceView(user: $0, viewer: principal.user.id) }
        )
        guard rows.count == users.count else { return nil }
        last = Dictionary(rows.values.map { ($0.userID, Presence($0)) }) { first, _ in first }
    }

    func makeAsyncIterator() -> PresenceFeed { self }

    mutating func next() async throws -> PresenceActivity? {
        let viewer = principal.user.id
        while let told = try await lease.subscription.next() {
            guard let user = users[told.topic] else { continue }
            guard try await services.goesOn(principal) else { throw AccessRefusal.unauthenticated }
            let view = PresenceView(user: user, viewer: viewer)
            guard let row = try await hub.shared.presences.value(for: view) else { continue }
            let presence = Presence(row)
            // Somebody with two devices comes and goes without being seen to.
            guard !presence.isSame(as: last[user]) else { continue }
            last[user] = presence
            return PresenceActivity(presence: presence, person: SharedPerson(user, hub.shared), viewer: viewer)
        }
        return nil
    }
}

extension Presence {
    /// Whether nothing is different but the time.
    fileprivate func isSame(as other: Presence?) -> Bool {
        guard let other else { return false }
        return status == other.status && customText == other.customText && customEmoji == other.customEmoji
            && customExpiresAt == other.customExpiresAt
    }
}
