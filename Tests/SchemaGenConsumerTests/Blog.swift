import GraphQLEngine

/// What a developer writes for `schema.graphql`: a context, a model, and a resolver for each field that is not stored.
final class RequestContext: ExecutionContext, @unchecked Sendable {
    // Unchecked because its base class is; it only holds what can be shared itself.
    let loading: LoadingContext
    let authors: Loader<String, Author?>

    init(_ loading: LoadingContext) {
        self.loading = loading
        authors = loading.loader("authors") { ids in
            Dictionary(uniqueKeysWithValues: ids.map { ($0, Author(id: $0, name: "author \($0)")) })
        }
    }
}

struct PostRow: Sendable {
    var id: String
    var title: String
    var score: Double?
    var status: PostStatus
    var authorID: String

    static func numbered(_ number: Int) -> PostRow {
        PostRow(
            id: "p\(number)",
            title: "Post \(number)",
            score: number == 0 ? nil : Double(number) / 2,
            status: number % 2 == 0 ? .published : .inReview,
            authorID: "a\(number % 2)"
        )
    }
}

extension Query {
    static func posts(_ arguments: QueryPostsArguments, in context: RequestContext) async throws -> [PostRow] {
        (0..<Int(arguments.first)).map(PostRow.numbered)
    }

    static func search(_ arguments: QuerySearchArguments, in context: RequestContext) async throws -> [Hit?]? {
        switch arguments.by {
        case .text(let text): [.post(PostRow(id: "s", title: text, score: 1, status: .draft, authorID: "a9")), nil]
        case .author(let id): [.author(Author(id: id, name: "found"))]
        }
    }

    static func tags(in context: RequestContext) async throws -> [String] { ["swift", "graphql"] }
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
        let title = "\(input.title) \(note) \(input.tags ?? []) \(input.reply.optional?.title ?? "-")"
        return PostRow(id: "new", title: title, score: nil, status: input.status, authorID: "a1")
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
