import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import Synchronization
import Testing

@Suite struct FieldMiddlewareTests {
    /// Notes the batches it is asked about, and refuses what a test wants refused.
    private final class Guard: FieldMiddleware {
        private let asked = Mutex<[String]>([])
        private let verdict: @Sendable (GuardedBatch) throws -> BatchVerdict

        init(_ verdict: @escaping @Sendable (GuardedBatch) throws -> BatchVerdict = { _ in .admitted }) {
            self.verdict = verdict
        }

        var batches: [String] { asked.withLock { $0 } }

        func check(_ batch: GuardedBatch) async throws -> BatchVerdict {
            let line = "\(batch.coordinate) \(batch.count) \(batch.directive.json) \(batch.arguments.json)"
            asked.withLock { $0.append(line) }
            return try verdict(batch)
        }
    }

    private static let sdl = """
        directive @auth(level: Level! = USER, scope: String) on FIELD_DEFINITION
        directive @limit(to: Int!) on FIELD_DEFINITION
        enum Level { USER ADMIN }
        type Query { users(first: Int = 2): [User!] secret: String @auth(level: ADMIN) open: Int }
        type User { id: Int email: String @auth(scope: "mail") score: Float! @limit(to: 3) @auth friends: [User] @auth }
        type Subscription { tick: Int @auth }
        """

    private let user: DynamicValue = .object(
        DynamicObject(fields: [
            "id": .leaf(.int(1)), "email": .leaf(.string("a@b")), "score": .leaf(.float(0.5)),
            "friends": .list([.object(DynamicObject(fields: ["id": .leaf(.int(9))]))]),
        ])
    )

    private func answer(_ document: String, _ middleware: [String: any FieldMiddleware]) async throws -> String {
        var options = EngineOptions()
        options.middleware = middleware
        let schema = DynamicSchema(try Schema(unchecked: Self.sdl), options: options)
        let root = DynamicObject(fields: [
            "users": .list([user, user, user]), "secret": .leaf(.string("s")), "open": .leaf(.int(1)),
        ])
        let response = await schema.execute(Request(document: Array(document.utf8)), root: root)
        return String(decoding: response.bytes, as: UTF8.self)
    }

    @Test func `a guard is asked once for a batch, with the directive's arguments and their defaults`() async throws {
        let auth = Guard()
        let json = try await answer("{ users { email mail: email friends { id } } open }", ["auth": auth])
        #expect(json.hasPrefix(#"{"data":{"users":[{"email":"a@b","mail":"a@b","friends":[{"id":9}]},"#))
        #expect(
            auth.batches == [
                #"User.email 3 {"level":"USER","scope":"mail"} {}"#,
                #"User.email 3 {"level":"USER","scope":"mail"} {}"#,
                #"User.friends 3 {"level":"USER"} {}"#,
            ]
        )
    }

    @Test func `a guard that throws refuses the whole batch, and nothing else`() async throws {
        let auth = Guard { _ in throw GraphQLError("sign in first") }
        #expect(
            try await answer("{ secret open }", ["auth": auth])
                == #"{"errors":[{"message":"sign in first","locations":[{"line":1,"column":3}],"path":["secret"]}],"data":{"secret":null,"open":1}}"#
        )
    }

    @Test func `single parents are refused with their own errors, and the resolver sees only the others`() async throws
    {
        let auth = Guard { _ in .refused([1: GraphQLError("not yours")]) }
        let seen = Locked(0)
        var options = EngineOptions()
        options.middleware = ["auth": auth]
        let schema = DynamicSchema(try Schema(unchecked: Self.sdl), options: options)
        let user = DynamicValue.object(
            DynamicObject(fields: [
                "friends": .resolver { _ in
                    seen.increment()
                    return .list([])
                }
            ])
        )
        let response = await schema.execute(
            Request(document: Array("{ users { friends { id } } }".utf8)),
            root: DynamicObject(fields: ["users": .list([user, user, user])])
        )
        #expect(
            String(decoding: response.bytes, as: UTF8.self)
                == #"{"errors":[{"message":"not yours","locations":[{"line":1,"column":11}],"path":["users",1,"friends"]}],"data":{"users":[{"friends":[]},{"friends":null},{"friends":[]}]}}"#
        )
        #expect(seen.current == 2)
    }

    @Test func `guards are asked in the schema's order, each about those whom the ones before let through`()
        async throws
    {
        let limit = Guard { _ in .refused([0: GraphQLError("too often")]) }
        let auth = Guard { _ in .refused([1: GraphQLError("not yours")]) }
        let json = try await answer("{ users { score } }", ["auth": auth, "limit": limit])
        // The score may not be null: its user is nothing, and the list may not hold nothing.
        #expect(json.contains(#""message":"too often""#) && json.hasSuffix(#""data":{"users":null}}"#))
        #expect(limit.batches == [#"User.score 3 {"to":3} {}"#])
        #expect(auth.batches == [#"User.score 2 {"level":"USER"} {}"#])
    }

    @Test func `a guard that refuses somebody it was not asked about fails the batch`() async throws {
        let auth = Guard { _ in .refused([5: GraphQLError("whoever")]) }
        #expect(try await answer("{ secret }", ["auth": auth]).contains("Internal server error"))
    }

    @Test func `directives without middleware are data`() async throws {
        #expect(try await answer("{ secret }", [:]) == #"{"data":{"secret":"s"}}"#)
    }

    @Test func `stored fields of bound types are guarded, and only the places that are guarded cost a batch`() throws {
        let auth = Guard { batch in
            let posts = batch.parents(as: Post.self) ?? Batch([])
            let refused = posts.indices.filter { posts[$0].id == 1 }
            return .refused(Dictionary(uniqueKeysWithValues: refused.map { ($0, GraphQLError("hidden")) }))
        }
        var options = EngineOptions()
        options.middleware = ["auth": auth]
        let engine = try Engine(GuardedShop.self, options: options)
        let json = SerialTestExecutor.run { executor in
            let context = ShopContext(LoadingContext { await executor.waitForEndOfTurn() })
            let document = "{ posts(first: 3) { id title score } }"
            let response = await engine.execute(Request(document: Array(document.utf8)), in: context)
            return String(decoding: response.bytes, as: UTF8.self)
        }
        #expect(
            json
                == #"{"errors":[{"message":"hidden","locations":[{"line":1,"column":24}],"path":["posts",1,"title"]}],"data":{"posts":[{"id":0,"title":"p0","score":0.5},{"id":1,"title":null,"score":0.5},{"id":2,"title":"p2","score":0.5}]}}"#
        )
        #expect(auth.batches == [#"Post.title 3 {} {}"#])
    }

    @Test func `a subscription is guarded when it begins and before each event`() async throws {
        let calls = Locked(0)
        let auth = Guard { _ in
            if calls.increment() > 2 { throw GraphQLError("signed out") }
            return .admitted
        }
        var options = EngineOptions()
        options.middleware = ["auth": auth]
        let schema = DynamicSchema(try Schema(unchecked: Self.sdl), options: options)
        let event = DynamicValue.object(DynamicObject(fields: ["tick": .leaf(.int(1))]))
        let outcome = await schema.subscribe(
            Request(document: Array("subscription { tick }".utf8)),
            root: DynamicObject(fields: ["tick": .list([event, event])])
        )
        guard case .stream(let stream) = outcome else {
            Issue.record("refused")
            return
        }
        #expect(try await stream.next() != nil)
        await #expect(throws: GraphQLError("signed out")) { _ = try await stream.next() }
    }
}

/// The shop, with titles that are guarded.
private enum GuardedShop: SchemaBinding {
    static var sdl: StaticString {
        """
        directive @auth on FIELD_DEFINITION
        type Query { posts(first: Int! = 2): [Post!]! beings: [Being] failing: [Post] }
        type Post { id: Int! title: String @auth score: Float! author: Author comments: [Comment!]! }
        type Author { id: Int! name: String! }
        type Comment { id: Int! body: String! author: Author! }
        type Robot { serial: String! owner: Author! }
        union Being = Author | Robot
        """
    }

    static func root(_ operation: OperationType) -> ObjectColumn { Shop.root(operation) }

    static func decodeArguments(
        type: Int,
        field: Int,
        _ arguments: [Value.Field],
        _ decoder: inout InputDecoder
    ) -> DecodedArguments? { Shop.decodeArguments(type: type, field: field, arguments, &decoder) }

    static func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream {
        try await Shop.subscribe(field, call)
    }
}
