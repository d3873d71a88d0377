import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient

extension Subscription {
    static func notificationReceived(
        _ arguments: SubscriptionNotificationReceivedArguments,
        in context: RequestContext
    ) async throws -> LiveEvents<NotificationEvent> {
        let principal = try await context.signedIn()
        let user = principal.user.id
        return try await LiveEvents(
            NewEvent.userTopic(user),
            after: arguments.after,
            for: principal,
            in: context,
            control: NotificationEvent.init
        ) { place in try await NotificationEvent.of(place, user, in: context) }
    }
}

/// The model of what is told of a new notification. Whose it is is known beyond the end of the access token that the
/// subscription began with.
struct NotificationCreatedEvent: Sendable {
    let user: UUID
    let cursor: String
    let occurredAt: DateTime
    let notification: NotificationItem?
    let isQuiet: Bool

    static func counts(
        of parents: Batch<NotificationCreatedEvent>,
        in context: RequestContext
    ) async throws -> Results<NotificationCounts> {
        var results = Results<NotificationCounts>(reserving: parents.count)
        for parent in parents { results.append(try await NotificationCounts.of(parent.user, in: context)) }
        return results
    }
}

/// The model of what is told of changes.
struct NotificationChangedEvent: Sendable {
    let user: UUID
    let cursor: String
    let occurredAt: DateTime
    let notifications: [NotificationItem]

    static func counts(
        of parents: Batch<NotificationChangedEvent>,
        in context: RequestContext
    ) async throws -> Results<NotificationCounts> {
        var results = Results<NotificationCounts>(reserving: parents.count)
        for parent in parents { results.append(try await NotificationCounts.of(parent.user, in: context)) }
        return results
    }
}

extension NotificationEvent {
    fileprivate init(_ control: LiveControl) {
        switch control {
        case .caughtUp(let told): self = .caughtUp(told)
        case .resyncRequired(let told): self = .resyncRequired(told)
        }
    }

    /// Nil for events of other kinds: the topic is of all that is the user's own.
    static func of(
        _ place: LivePlace,
        _ user: UUID,
        in context: RequestContext
    ) async throws -> NotificationEvent? {
        guard place.event.kind.hasPrefix("Notification") else { return nil }
        let payload = try Value(json: Array(place.event.payload.text.utf8))
        switch place.event.kind {
        case "NotificationCreated":
            let told = NotificationCreatedEvent(
                user: user,
                cursor: place.cursor,
                occurredAt: place.occurredAt,
                notification: try await items([payload["id"]], user, in: context).first,
                isQuiet: payload["quiet"] == .boolean(true)
            )
            return .notificationCreated(told)
        case "NotificationChanged":
            guard case .list(let ids) = payload["ids"] else { return nil }
            let told = NotificationChangedEvent(
                user: user,
                cursor: place.cursor,
                occurredAt: place.occurredAt,
                notifications: try await items(ids, user, in: context)
            )
            return .notificationChanged(told)
        default: return nil
        }
    }

    private static func items(
        _ ids: [Value?],
        _ user: UUID,
        in context: RequestContext
    ) async throws -> [NotificationItem] {
        let uuids = ids.compactMap { id in if case .string(let text) = id { UUID(text) } else { nil } }
        guard !uuids.isEmpty else { return [] }
        let rows = try await context.databaseInUse().session.notifications(uuids, of: user)
        return uuids.compactMap { id in rows.first { $0.id == id }.map(NotificationItem.init) }
    }
}
