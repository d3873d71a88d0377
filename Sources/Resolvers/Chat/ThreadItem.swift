import Actions
import Data
import GraphQLEngine
import PostgresClient

/// The model of MessageThread: what stands below a message.
struct ThreadItem: Sendable {
    let row: ThreadRow
    let root: MessageItem

    var replyCount: Int32 { Int32(clamping: row.count) }
    var lastReplyAt: DateTime { DateTime(row.lastReplyAt) }

    static func viewerIsFollowing(
        of parents: Batch<ThreadItem>,
        in context: RequestContext
    ) async throws -> Results<Bool> {
        if let (shared, viewer) = parents.onlyShared {
            return Results([try await shared.isThreadFollowed(by: viewer)])
        }
        let followed = try await context.databaseInUse().session.followed(parents.map(\.view))
        return parents.results { followed.contains($0.view) }
    }

    static func unreadCount(of parents: Batch<ThreadItem>, in context: RequestContext) async throws -> Results<Int32> {
        if let (shared, viewer) = parents.onlyShared {
            return Results([Int32(clamping: try await shared.unreadReplies(of: viewer))])
        }
        let counts = try await context.databaseInUse().session.unreadReplies(parents.map(\.view))
        return parents.results { Int32(clamping: counts[$0.view] ?? 0) }
    }

    fileprivate var view: ThreadView { ThreadView(root: root.row.id, user: root.viewer) }
}

extension Batch<ThreadItem> {
    /// The message of the one thread of an event, and who looks at it.
    fileprivate var onlyShared: (message: SharedMessage, viewer: UUID)? {
        guard count == 1, let root = first?.root, let shared = root.shared else { return nil }
        return (shared, root.viewer)
    }
}

extension Viewer {
    static func followedThreads(
        of parents: Batch<Viewer>,
        _ arguments: ViewerFollowedThreadsArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<ThreadItem>> {
        let request = try context.page(arguments.first, after: arguments.after)
        let session = try context.databaseInUse().session
        return await parents.oneByOne { parent in
            guard let viewer = parent.user.id.uuid else { throw AccessRefusal.unauthenticated }
            let page = try await session.followedThreads(of: viewer, unreadOnly: arguments.unreadOnly, request)
            return Connection(
                page.map { ThreadItem(row: $0.thread, root: MessageItem(row: $0.root, viewer: viewer)) }
            )
        }
    }
}

extension Mutation {
    static func threadFollow(
        _ arguments: MutationThreadFollowArguments,
        in context: RequestContext
    ) async throws -> ThreadFollowPayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.threadId.uuid else {
            return ThreadFollowPayload(thread: nil, userErrors: [.notFound(["threadId"])])
        }
        let follow = ThreadFollow(services, principal, from: client)
        let outcome = try await follow.run(id, isFollowing: arguments.following)
        guard case .success(let row) = outcome else {
            return outcome.payload { _, errors in ThreadFollowPayload(thread: nil, userErrors: errors) }
        }
        let session = try context.databaseInUse().session
        let thread = try await session.threads(of: [row.id]).first
        return ThreadFollowPayload(
            thread: thread.map { ThreadItem(row: $0, root: MessageItem(row: row, viewer: principal.user.id)) },
            userErrors: []
        )
    }
}
