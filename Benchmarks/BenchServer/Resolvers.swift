import GraphQLEngine
import GraphQLSchema
import PostgresClient

extension Query {
    static func hello(in context: BenchContext) async throws -> String { "world" }

    static func list(in context: BenchContext) async throws -> [Item] { Item.thousand }

    static func shelves(in context: BenchContext) async throws -> [Shelf] {
        (0..<250).map { shelf in Shelf(items: (0..<250).map { Item.thousand[(shelf + $0) % 1_000] }) }
    }

    static func user(_ arguments: QueryUserArguments, in context: BenchContext) async throws -> UserRow? {
        guard let number = Int32(arguments.id.rawValue) else { return nil }
        return try await context.session.first(UserRow.byNumber, number)
    }

    static func users(_ arguments: QueryUsersArguments, in context: BenchContext) async throws -> [UserRow] {
        try await context.session.rows(UserRow.first, arguments.first)
    }

    static func posts(_ arguments: QueryPostsArguments, in context: BenchContext) async throws -> [PostRow] {
        try await context.session.rows(PostRow.first, arguments.first)
    }
}

extension UserRow {
    static func posts(
        of parents: Batch<UserRow>,
        _ arguments: UserPostsArguments,
        in context: BenchContext
    ) async throws -> Results<[PostRow]> {
        let rows = try await context.session.rows(PostRow.ofAuthors, parents.distinct(\.number), arguments.first)
        let posts = Dictionary(grouping: rows, by: \.authorNumber)
        return parents.results { posts[$0.number] ?? [] }
    }
}

extension PostRow {
    static func author(of parents: Batch<PostRow>, in context: BenchContext) async throws -> Results<UserRow> {
        await context.users.load(parents.map(\.authorNumber)).map(present)
    }

    static func comments(
        of parents: Batch<PostRow>,
        _ arguments: PostCommentsArguments,
        in context: BenchContext
    ) async throws -> Results<[CommentRow]> {
        let rows = try await context.session.rows(CommentRow.ofPosts, parents.distinct(\.number), arguments.first)
        let comments = Dictionary(grouping: rows, by: \.postNumber)
        return parents.results { comments[$0.number] ?? [] }
    }
}

extension CommentRow {
    static func author(of parents: Batch<CommentRow>, in context: BenchContext) async throws -> Results<UserRow> {
        await context.users.load(parents.map(\.authorNumber)).map(present)
    }
}

extension Mutation {
    static func addComment(
        _ arguments: MutationAddCommentArguments,
        in context: BenchContext
    ) async throws -> CommentRow {
        guard let post = Int32(arguments.postID.rawValue), let author = Int32(arguments.authorID.rawValue) else {
            throw GraphQLError("There is no such post or author.")
        }
        let comment = try await context.pool.write().one(CommentRow.insert, post, author, arguments.body)
        context.feed.publish(comment)
        return comment
    }
}

extension Subscription {
    static func commentAdded(
        _ arguments: SubscriptionCommentAddedArguments,
        in context: BenchContext
    ) async throws -> AsyncStream<CommentRow> {
        guard let post = Int32(arguments.postID.rawValue) else { throw GraphQLError("There is no such post.") }
        return context.feed.comments(on: post)
    }
}

extension Batch {
    /// What the parents have, each once, in their order.
    fileprivate func distinct<Key: Hashable>(_ key: (Parent) -> Key) -> [Key] {
        var seen: Set<Key> = []
        return map(key).filter { seen.insert($0).inserted }
    }
}

/// The foreign keys hold, so a user that is not there is a fault.
private func present(_ user: UserRow?) throws -> UserRow {
    guard let user else { throw GraphQLError("The author is gone.") }
    return user
}
