import Data
import GraphQLEngine
import PostgresClient

/// The model of ReactionSummary.
struct ReactionItem: Sendable {
    let messageID: UUID
    let emoji: String
    let total: Int
    let viewerHasReacted: Bool
    let viewer: UUID

    init(_ row: ReactionRow, isOwn: Bool, viewer: UUID) {
        messageID = row.messageID
        emoji = row.emoji
        total = row.count
        viewerHasReacted = isOwn
        self.viewer = viewer
    }

    var count: Int32 { Int32(clamping: total) }

    /// Of all reactions by one statement, and one for the people.
    static func users(
        of parents: Batch<ReactionItem>,
        _ arguments: ReactionSummaryUsersArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<User>> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let request = try context.page(arguments.first, after: arguments.after)
        let pages = try await context.databaseInUse().session.reactors(
            to: parents.map(\.messageID),
            with: parents.map(\.emoji),
            request
        )
        let users = try await ChatUsers.load(pages.flatMap(\.rows), seenBy: viewer, in: context)
        let counts = parents.map(\.total)
        let shown = try pages.map { page in
            try page.map { id in
                guard let user = users[id] else { throw AccessRefusal.unavailable }
                return user
            }
        }
        return Results(Connection.all(shown) { counts })
    }
}
