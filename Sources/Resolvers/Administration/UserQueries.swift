import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func users(_ arguments: QueryUsersArguments, in context: RequestContext) async throws -> Connection<User>? {
        let viewer = try await context.signedIn()
        let session = try context.databaseInUse().session
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let filter = UserListFilter(arguments.filter)
        let page = try await session.users(filter, by: arguments.orderBy.key, request)
        return Connection(page.map { User($0, for: viewer) }) { try await session.userCount(filter) }
    }
}

extension UserListFilter {
    fileprivate init(_ filter: UserFilter?) {
        self.init()
        guard let filter else { return }
        search = filter.search.map(ComposedText.sought)
        statuses = filter.statuses?.map(\.rawValue)
        roles = filter.roles?.map(\.rawValue)
        createdSince = filter.since?.timestamp
        createdBefore = filter.until?.timestamp
        // An id of another kind is that of a team nobody is in.
        if let id = filter.teamId { team = id.uuid ?? UUID(high: 0, low: 0) }
    }
}

extension UserOrder {
    fileprivate var key: UserSortKey {
        let isDescending = direction == .desc
        return switch field {
        case .createdAt: .createdAt(isDescending: isDescending)
        case .username: .username(isDescending: isDescending)
        }
    }
}
