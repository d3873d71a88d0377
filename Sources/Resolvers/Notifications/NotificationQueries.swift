import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Viewer {
    static func notifications(
        of parents: Batch<Viewer>,
        _ arguments: ViewerNotificationsArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<NotificationItem>> {
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let now = try context.identityServices().services.now
        let filter = Data.NotificationFilter(arguments.filter)
        var results = Results<Connection<NotificationItem>>(reserving: parents.count)
        // There is one viewer in a request.
        for viewer in parents {
            guard let user = viewer.user.id.uuid else { throw AccessRefusal.unauthenticated }
            let page = try await session.notifications(of: user, filter, at: now, request)
            results.append(
                Connection(page.map(NotificationItem.init)) {
                    try await session.notificationCount(of: user, filter, at: now)
                }
            )
        }
        return results
    }

    static func notificationCounts(
        of parents: Batch<Viewer>,
        in context: RequestContext
    ) async throws -> Results<NotificationCounts> {
        var results = Results<NotificationCounts>(reserving: parents.count)
        for viewer in parents {
            guard let user = viewer.user.id.uuid else { throw AccessRefusal.unauthenticated }
            results.append(try await NotificationCounts.of(user, in: context))
        }
        return results
    }

    static func notificationPreferences(
        of parents: Batch<Viewer>,
        in context: RequestContext
    ) async throws -> Results<NotificationPreferences> {
        var results = Results<NotificationPreferences>(reserving: parents.count)
        for viewer in parents {
            guard let user = viewer.user.id.uuid else { throw AccessRefusal.unauthenticated }
            results.append(try await NotificationPreferences.of(user, in: context))
        }
        return results
    }
}

extension NotificationCounts {
    static func of(_ user: UUID, in context: RequestContext) async throws -> NotificationCounts {
        let now = try context.identityServices().services.now
        return NotificationCounts(try await context.databaseInUse().session.unreadNotifications(of: user, at: now))
    }

    private init(_ rows: [UnreadRow]) {
        self.init(
            unread: Int32(clamping: rows.reduce(0) { $0 + $1.unread }),
            unseen: Int32(clamping: rows.reduce(0) { $0 + $1.unseen }),
            byCategory: rows.compactMap { row in
                NotificationCategory(rawValue: row.category).map {
                    CategoryCount(category: $0, unread: Int32(clamping: row.unread))
                }
            }
        )
    }
}

extension Data.NotificationFilter {
    fileprivate init(_ filter: NotificationFilter?) {
        self.init()
        guard let filter else { return }
        isRead = filter.isRead
        categories = filter.categories?.map(\.rawValue)
        since = filter.since?.timestamp
        isArchived = filter.archived
        isSnoozed = filter.snoozed
    }
}
