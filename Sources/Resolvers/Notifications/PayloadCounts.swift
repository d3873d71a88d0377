import Actions
import Data
import GraphQLEngine

// Every mutation of notifications answers what is unread after it.

extension RequestContext {
    /// What is unread of the viewer, for the payloads of mutations.
    fileprivate func unreadCounts<Payload>(_ parents: Batch<Payload>) async throws -> Results<NotificationCounts?> {
        let counts = try await NotificationCounts.of(signedIn().user.id, in: self)
        return parents.results { _ in counts }
    }
}

extension NotificationMarkReadPayload {
    static func counts(
        of parents: Batch<NotificationMarkReadPayload>,
        in context: RequestContext
    ) async throws -> Results<NotificationCounts?> { try await context.unreadCounts(parents) }
}

extension NotificationsMarkAllReadPayload {
    static func counts(
        of parents: Batch<NotificationsMarkAllReadPayload>,
        in context: RequestContext
    ) async throws -> Results<NotificationCounts?> { try await context.unreadCounts(parents) }
}

extension NotificationsMarkSeenPayload {
    static func counts(
        of parents: Batch<NotificationsMarkSeenPayload>,
        in context: RequestContext
    ) async throws -> Results<NotificationCounts?> { try await context.unreadCounts(parents) }
}

extension NotificationArchivePayload {
    static func counts(
        of parents: Batch<NotificationArchivePayload>,
        in context: RequestContext
    ) async throws -> Results<NotificationCounts?> { try await context.unreadCounts(parents) }
}

extension NotificationSnoozePayload {
    static func counts(
        of parents: Batch<NotificationSnoozePayload>,
        in context: RequestContext
    ) async throws -> Results<NotificationCounts?> { try await context.unreadCounts(parents) }
}

extension NotificationDeletePayload {
    static func counts(
        of parents: Batch<NotificationDeletePayload>,
        in context: RequestContext
    ) async throws -> Results<NotificationCounts?> { try await context.unreadCounts(parents) }
}
