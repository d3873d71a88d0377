import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema

/// A small schema bound by hand, as the generator binds: authors with posts with comments, people and pets.
enum Shop: SchemaBinding {
    static var sdl: StaticString {
        """
        type Query { posts(first: Int! = 2): [Post!]! beings: [Being] failing: [Post] }
        type Post { id: Int! title: String! score: Float! author: Author comments: [Comment!]! }
        type Author { id: Int! name: String! posts: [Post!]! }
        type Comment { id: Int! body: String! author: Author! }
        type Robot { serial: String! owner: Author! }
        union Being = Author | Robot
        """
    }

    static func root(_ operation: OperationType) -> ObjectColumn { Objects<QueryBinding>([QueryRoot()]) }

    static func decodeArguments(
        type: Int,
        field: Int,
        _ arguments: [Value.Field],
        _ decoder: inout InputDecoder
    ) -> DecodedArguments? {
        guard case .int(let first)? = arguments.first?.value else { return nil }
        return DecodedArguments(first)
    }

    static func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream {
        preconditionFailure("the schema has no subscriptions")
    }
}

/// The context of a request, with its loaders.
final class ShopContext: ExecutionContext, @unchecked Sendable {
    let authors: Loader<Int, Author?>
    let comments: Loader<Int, [Comment]>
    let posts: Loader<Int, [Post]>

    init(_ loading: LoadingContext, authorLimit: Int = 1_000) {
        authors = loading.loader("authors", keyLimit: authorLimit) { keys in
            Dictionary(
                uniqueKeysWithValues: keys.filter { $0 < 100 }.map { ($0, Author(id: $0, name: "author \($0)")) }
            )
        }
        comments = loading.listLoader("comments") { posts in
            posts.flatMap { post in
                (0..<3).map { (post, Comment(id: post * 10 + $0, body: "c\($0)", author: ($0 + post) % 5)) }
            }
        }
        posts = loading.listLoader("posts") { authors in
            authors.flatMap { author in
                (0..<2).map { (author, Post(id: Int32(author * 2 + $0), title: "p", score: 1, author: author)) }
            }
        }
        super.init(loading)
    }
}

struct QueryRoot: Sendable {}
struct Post: Sendable {
    var id: Int32
    var title: String
    var score: Double
    var author: Int
}
struct Author: Sendable {
    var id: Int
    var name: String
}
struct Comment: Sendable {
    var id: Int
    var body: String
    var author: Int
}
struct Robot: Sendable {
    var serial: String
    var owner: Int
}
enum Being: Sendable {
    case author(Author)
    case robot(Robot)
}

enum QueryBinding: ObjectBinding {
    typealias Value = QueryRoot
    static let typeName = "Query"

    static func write(_ field: Int, of value: QueryRoot, to buffer: inout ResponseBuffer) {
        preconditionFailure("Query has no stored fields")
    }

    static func resolve(_ field: Int, of parents: Batch<QueryRoot>, _ call: ResolverCall) async throws -> FieldColumn {
        switch field {
        case 0:
            let count = call.arguments?.get(Int.self) ?? 0
            let posts = (0..<count).map { Post(id: Int32($0), title: "p\($0)", score: 0.5, author: $0 % 3) }
            return FieldColumn(posts, as: ListOf<Object<PostBinding>>.self)
        case 1:
            let beings: [Being?] = [
                .robot(Robot(serial: "r1", owner: 1)), nil, .author(Author(id: 7, name: "seven")),
                .robot(Robot(serial: "r2", owner: 500)),
            ]
            return FieldColumn(beings, as: Maybe<ListOf<Maybe<Object<BeingBinding>>>>.self)
        default: throw GraphQLError("no posts today")
        }
    }
}

enum PostBinding: ObjectBinding {
    typealias Value = Post
    static let typeName = "Post"

    static func write(_ field: Int, of value: Post, to buffer: inout ResponseBuffer) {
        switch field {
        case 0: value.id.write(to: &buffer)
        case 1: value.title.write(to: &buffer)
        default: value.score.write(to: &buffer)
        }
    }

    static func isRepresentable(_ field: Int, of value: Post) -> Bool { value.score.isRepresentable }

    static func resolve(_ field: Int, of parents: Batch<Post>, _ call: ResolverCall) async throws -> FieldColumn {
        guard let context = call.context as? ShopContext else { preconditionFailure("not a shop's context") }
        switch field {
        case 3:
            return FieldColumn(
                await context.authors.load(parents.map(\.author)),
                as: Maybe<Object<AuthorBinding>>.self
            )
        default:
            return FieldColumn(
                await context.comments.load(parents.map { Int($0.id) }),
                as: ListOf<Object<CommentBinding>>.self
            )
        }
    }
}

enum AuthorBinding: ObjectBinding {
    typealias Value = Author
    static let typeName = "Author"

    static func write(_ field: Int, of value: Author, to buffer: inout ResponseBuffer) {
        switch field {
        case 0: Int32(value.id).write(to: &buffer)
        default: value.name.write(to: &buffer)
        }
    }

    static func resolve(_ field: Int, of parents: Batch<Author>, _ call: ResolverCall) async throws -> FieldColumn {
        guard let context = call.context as? ShopContext else { preconditionFailure("not a shop's context") }
        return FieldColumn(await context.posts.load(parents.map(\.id)), as: ListOf<Object<PostBinding>>.self)
    }
}

enum CommentBinding: ObjectBinding {
    typealias Value = Comment
    static let typeName = "Comment"

    static func write(_ field: Int, of value: Comment, to buffer: inout ResponseBuffer) {
        switch field {
        case 0: Int32(value.id).write(to: &buffer)
        default: value.body.write(to: &buffer)
        }
    }

    static func resolve(_ field: Int, of parents: Batch<Comment>, _ call: ResolverCall) async throws -> FieldColumn {
        try await requiredAuthors(parents.map(\.author), call)
    }
}

enum RobotBinding: ObjectBinding {
    typealias Value = Robot
    static let typeName = "Robot"

    static func write(_ field: Int, of value: Robot, to buffer: inout ResponseBuffer) {
        value.serial.write(to: &buffer)
    }

    static func resolve(_ field: Int, of parents: Batch<Robot>, _ call: ResolverCall) async throws -> FieldColumn {
        try await requiredAuthors(parents.map(\.owner), call)
    }
}

/// Authors that have to be there.
private func requiredAuthors(_ ids: [Int], _ call: ResolverCall) async throws -> FieldColumn {
    guard let context = call.context as? ShopContext else { preconditionFailure("not a shop's context") }
    let authors = await context.authors.load(ids)
    return FieldColumn(
        authors.map { author in
            guard let author else { throw GraphQLError("no such author") }
            return author
        },
        as: Object<AuthorBinding>.self
    )
}

enum BeingBinding: CompositeBinding {
    typealias Value = Being
    struct Storage {
        var authors: [Author] = []
        var robots: [Robot] = []
    }

    static func makeStorage() -> Storage { Storage() }

    static func append(_ value: Being, to storage: inout Storage) -> CompositeIndex {
        switch value {
        case .author(let author):
            storage.authors.append(author)
            return CompositeIndex(partition: 0, row: Int32(storage.authors.count - 1))
        case .robot(let robot):
            storage.robots.append(robot)
            return CompositeIndex(partition: 1, row: Int32(storage.robots.count - 1))
        }
    }

    static func columns(_ storage: Storage) -> [ObjectColumn] {
        [Objects<AuthorBinding>(storage.authors), Objects<RobotBinding>(storage.robots)]
    }
}
