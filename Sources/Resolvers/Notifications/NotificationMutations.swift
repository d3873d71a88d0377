import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func notificationMarkRead(
        _ arguments: MutationNotificationMarkReadArguments,
        in context: RequestContext
    ) async throws -> NotificationMarkReadPayload? {
        let change = try await context.notificationChange()
        guard let id = arguments.id.uuid, let row = try await change.markRead(id, arguments.read) else {
            return NotificationMarkReadPayload(notification: nil, userErrors: [.notFound(["id"])])
        }
        return NotificationMarkReadPayload(notification: NotificationItem(row), userErrors: [])
    }

    static func notificationsMarkAllRead(
        _ arguments: MutationNotificationsMarkAllReadArguments,
        in context: RequestContext
    ) async throws -> NotificationsMarkAllReadPayload? {
        let before: DateTime? = if case .value(let time) = arguments.before { time } else { nil }
        let categories: [String]? =
            if case .value(let names) = arguments.categories { names.map(\.rawValue) } else { nil }
        let count = try await context.notificationChange()
            .markAllRead(before: before?.endOfMillisecond, categories: categories)
        return NotificationsMarkAllReadPayload(updatedCount: Int32(clamping: count), userErrors: [])
    }

    static func notificationsMarkSeen(
        _ arguments: MutationNotificationsMarkSeenArguments,
        in context: RequestContext
    ) async throws -> NotificationsMarkSeenPayload? {
        let count = try await context.notificationChange().markSeen(upTo: arguments.upTo.endOfMillisecond)
        return NotificationsMarkSeenPayload(updatedCount: Int32(clamping: count), userErrors: [])
    }

    static func notificationArchive(
        _ arguments: MutationNotificationArchiveArguments,
        in context: RequestContext
    ) async throws -> NotificationArchivePayload? {
        let change = try await context.notificationChange()
        guard let id = arguments.id.uuid, let row = try await change.archive(id, arguments.archived) else {
            return NotificationArchivePayload(notification: nil, userErrors: [.notFound(["id"])])
        }
        return NotificationArchivePayload(notification: NotificationItem(row), userErrors: [])
    }

    static func notificationSnooze(
        _ arguments: MutationNotificationSnoozeArguments,
        in context: RequestContext
    ) async throws -> NotificationSnoozePayload? {
        let change = try await context.notificationChange()
        guard let id = arguments.id.uuid else {
            return NotificationSnoozePayload(notification: nil, userErrors: [.notFound(["id"])])
        }
        switch try await change.snooze(id, until: arguments.until.timestamp) {
        case .success(let row):
            return NotificationSnoozePayload(notification: NotificationItem(row), userErrors: [])
        case .failure(.notFound):
            return NotificationSnoozePayload(notification: nil, userErrors: [.notFound(["id"])])
        case .failure(.badTime):
            let error = UserError.invalid("Must be in the future, and within a year.", ["until"])
            return NotificationSnoozePayload(notification: nil, userErrors: [error])
        }
    }

    static func notificationDelete(
        _ arguments: MutationNotificationDeleteArguments,
        in context: RequestContext
    ) async throws -> NotificationDeletePayload? {
        let change = try await context.notificationChange()
        guard let id = arguments.id.uuid, try await change.delete(id) else {
            return NotificationDeletePayload(deletedNotificationId: nil, userErrors: [.notFound(["id"])])
        }
        return NotificationDeletePayload(deletedNotificationId: arguments.id, userErrors: [])
    }

    static func notificationPreferencesUpdate(
        _ arguments: MutationNotificationPreferencesUpdateArguments,
        in context: RequestContext
    ) async throws -> NotificationPreferencesUpdatePayload? {
        let (services, _) = try context.identityServices()
        let principal = try await context.signedIn()
        let input = NotificationPreferencesUpdate.Input(arguments.input)
        switch try await NotificationPreferencesUpdate(services, principal).run(input) {
        case .success:
            let preferences = try await NotificationPreferences.of(principal.user.id, in: context)
            return NotificationPreferencesUpdatePayload(preferences: preferences, userErrors: [])
        case .failure(let faults):
            return NotificationPreferencesUpdatePayload(preferences: nil, userErrors: faults.userErrors)
        }
    }
}

extension RequestContext {
    fileprivate func notificationChange() async throws -> NotificationChange {
        NotificationChange(try identityServices().services, try await signedIn())
    }
}

extension DateTime {
    /// What a client was told ends with milliseconds; what came within the last of them counts to it.
    fileprivate var endOfMillisecond: Timestamp {
        let (end, overflow) = microseconds.addingReportingOverflow(999)
        return Timestamp(microseconds: overflow ? microseconds : end)
    }
}
