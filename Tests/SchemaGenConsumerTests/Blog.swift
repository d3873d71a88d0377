import GraphQLEngine

/// What a developer writes for `schema.graphql`: a context, a model, and a resolver for each field that is not stored.
final class RequestContext: ExecutionContext, @unchecked Sendable {
    // Unchecked because its base class is; it only holds what can be shared itself.
    let authors: Loader<AuthorID, Author?>

    override init(_ loading: LoadingContext) {
        authors = loading.loader("authors") { ids in
            Dictionary(uniqueKeysWithValues: ids.map { ($0, Author(id: $0, name: "author \($0.rawValue)")) })
        }
        super.init(loading)
    }
}

struct PostRow: Sendable {
    var id: PostID
    var title: String
    var score: Double?
    var status: PostStatus
    var authorID: AuthorID
    var place: Place?
    var scores: [[Double?]] = []

    static func numbered(_ number: Int) -> PostRow {
        PostRow(
            id: PostID(rawValue: "p\(number)"),
            title: "Post \(number)",
            score: number == 0 ? nil : Double(number) / 2,
            status: number % 2 == 0 ? .published : .inReview,
            authorID: AuthorID(rawValue: "a\(number % 2)"),
            place: number == 1 ? Place(name: "home", latitude: 52.5) : nil,
            scores: [[Double(number), nil], []]
        )
    }
}

extension Query {
    static func posts(_ arguments: QueryPostsArguments, in context: RequestContext) async throws -> [PostRow] {
        (0..<Int(arguments.first)).map(PostRow.numbered)
    }

    static func search(_ arguments: QuerySearchArguments, in context: RequestContext) async throws -> [Hit?]? {
        switch arguments.by {
        case .text(let text): [.post(row("s", text, AuthorID(rawValue: "a9"))), nil]
        case .authorId(let id): [.author(Author(id: id, name: "found"))]
        }
    }

    private static func row(_ id: String, _ title: String, _ author: AuthorID) -> PostRow {
        PostRow(id: PostID(rawValue: id), title: title, score: 1, status: .draft, authorID: author)
    }

    static func tags(in context: RequestContext) async throws -> [String] { ["swift", "graphql"] }

    static func shelves(_ arguments: QueryShelvesArguments, in context: RequestContext) async throws -> [[PostRow]] {
        arguments.of.enumerated().map { index, author in
            (0..<index).map { row("\(author.rawValue)-\($0)", "on a shelf", author) }
        }
    }

    static func nodes(_ arguments: QueryNodesArguments, in context: RequestContext) async throws -> [Node?] {
        arguments.ids.map { id in
            switch id.rawValue.first {
            case "p": .post(row(id.rawValue, "a node", AuthorID(rawValue: "a1")))
            case "a": .author(Author(id: AuthorID(id), name: "a node"))
            default: nil
            }
        }
    }

    static func feed(_ arguments: QueryFeedArguments, in context: RequestContext) async throws -> PostConnection {
        PostConnection(edges: (0..<Int(arguments.first)).map { PostEdge(cursor: "c\($0)", node: .numbered($0)) })
    }

    static func copies(_ arguments: QueryCopiesArguments, in context: RequestContext) async throws -> [Query] {
        Array(repeating: Query(), count: Int(arguments.count))
    }
}

extension Mutation {
    static func publish(_ arguments: MutationPublishArguments, in context: RequestContext) async throws -> PostRow? {
        let input = arguments.input
        let note =
            switch input.note {
            case .absent: "absent"
            case .null: "null"
            case .value(let note): note
            }
        let title = "\(input.title) \(note) \(input.tags ?? []) \(input.reply.value?.title ?? "-")"
        return PostRow(
            id: PostID(rawValue: "new"),
            title: title,
            status: input.status,
            authorID: AuthorID(rawValue: "a1")
        )
    }
}

extension Mutation {
    static func postRename(
        _ arguments: MutationPostRenameArguments,
        in context: RequestContext
    ) async throws -> PostRenamePayload? {
        switch rename(arguments.postId, to: arguments.title) {
        case .success(let post): PostRenamePayload(post: post, code: nil)
        case .failure(let failure): PostRenamePayload(post: nil, code: failure.code)
        }
    }

    private static func rename(_ id: PostID, to title: InputValue<String>) -> Result<PostRow, PostRenameFailure> {
        var post = PostRow.numbered(1)
        switch title {
        case .absent: break
        case .null: return .failure(.notFound)
        case .value("taken"): return .failure(.titleTaken)
        case .value(let title): post.title = title
        }
        post.id = id
        return .success(post)
    }
}

extension PostConnection {
    static func total(of parents: Batch<PostConnection>, in context: RequestContext) async throws -> Results<Int32> {
        parents.results { Int32($0.edges.count) }
    }
}

extension Subscription {
    static func ticks(
        _ arguments: SubscriptionTicksArguments,
        in context: RequestContext
    ) async throws -> AsyncStream<Int32> {
        AsyncStream { continuation in
            for tick in stride(from: 1, through: arguments.to, by: 1) { continuation.yield(tick) }
            continuation.finish()
        }
    }
}

extension PostRow {
    static func author(of parents: Batch<PostRow>, in context: RequestContext) async throws -> Results<Author> {
        await context.authors.load(parents.map(\.authorID)).map { author in
            guard let author else { throw GraphQLFault.missing }
            return author
        }
    }

    static func commentCount(of parents: Batch<PostRow>, in context: RequestContext) async throws -> Results<Int32> {
        parents.results { Int32($0.title.count) }
    }

    static func related(
        of parents: Batch<PostRow>,
        _ arguments: PostRelatedArguments,
        in context: RequestContext
    ) async throws -> Results<[PostRow]> {
        parents.results { _ in (0..<Int(arguments.first ?? 0)).map(PostRow.numbered) }
    }
}

extension Author {
    static func posts(of parents: Batch<Author>, in context: RequestContext) async throws -> Results<[PostRow]> {
        parents.results { _ in [PostRow.numbered(1)] }
    }
}

enum GraphQLFault: Error { case missing }
