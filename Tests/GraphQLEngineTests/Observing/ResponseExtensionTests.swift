import GraphQLEngine
import GraphQLSchema
import Testing

@Suite struct ResponseExtensionTests {
    /// Runs a document on one thread, and returns the extensions of its answer.
    private func extensions(
        _ document: String,
        asksForTrace: Bool = false,
        _ change: (inout EngineOptions) -> Void
    ) throws -> Value? {
        var options = EngineOptions()
        change(&options)
        let engine = try Engine(Shop.self, options: options)
        let json = SerialTestExecutor.run { executor in
            let context = ShopContext(LoadingContext { await executor.waitForEndOfTurn() })
            let request = Request(document: Array(document.utf8), asksForTrace: asksForTrace)
            context.loading.report(statement: "before", rows: 1, since: context.loading.now)
            return String(decoding: await engine.execute(request, in: context).bytes, as: UTF8.self)
        }
        return try Value(json: json)["extensions"]
    }

    @Test func `the cost that was estimated and the one it came to are told when the engine is set to`() throws {
        let document = "{ posts(first: 3) { id author { name } } beings { __typename } }"
        #expect(try extensions(document) { _ in } == nil)
        let cost = try extensions(document) { $0.extensions.cost = true }?["cost"]
        // Lists without a size are taken to have ten elements; three posts came, and four beings of which one is null.
        #expect(cost?["estimate"]?.json == #"{"points":30,"nodes":30}"#)
        #expect(cost?["actual"]?.json == #"{"points":9,"nodes":9}"#)
        #expect(cost?["limit"]?.json == #"{"points":1000,"nodes":10000}"#)
    }

    @Test func `the cost is told without limits too`() throws {
        let extensions = try extensions("{ posts { id } }") {
            $0.extensions.cost = true
            $0.limits = .none
        }
        #expect(
            extensions?["cost"]?.json
                == #"{"estimate":{"points":10,"nodes":10},"actual":{"points":2,"nodes":2},"limit":{"points":null,"nodes":null}}"#
        )
    }

    @Test func `a trace needs the request to ask and the engine to allow it`() throws {
        #expect(try extensions("{ posts { id } }", asksForTrace: true) { _ in } == nil)
        #expect(try extensions("{ posts { id } }") { $0.extensions.trace = true } == nil)
    }

    @Test func `a trace shows levels, batches and the calls of loaders`() throws {
        let document = "{ posts(first: 3) { id author { name } comments { writer: author { id } } } }"
        let trace = try extensions(document, asksForTrace: true) { $0.extensions.trace = true }?["trace"]
        guard case .list(let levels)? = trace?["levels"], case .list(let loaders)? = trace?["loaders"] else {
            Issue.record("no levels or loaders in \(trace?.json ?? "nothing")")
            return
        }
        let batches = levels.map { level -> [String] in
            guard case .list(let batches)? = level["batches"] else { return [] }
            return batches.map { batch in
                ["path", "field", "parents", "values"].map { batch[$0]?.json ?? "" }.joined(separator: " ")
            }.sorted()
        }
        #expect(
            batches == [
                [#"["posts"] "Query.posts" 1 3"#],
                [
                    #"["posts","author"] "Post.author" 3 3"#, #"["posts","comments"] "Post.comments" 3 9"#,
                ],
                [#"["posts","comments","writer"] "Comment.author" 9 9"#],
            ]
        )
        let names = loaders.map { "\($0["name"]?.json ?? "") \($0["keys"]?.json ?? "")" }
        #expect(names.sorted() == [#""authors" 2"#, #""authors" 3"#, #""comments" 3"#])
        for call in loaders {
            guard case .int(let start)? = call["start"], case .int(let duration)? = call["duration"] else {
                Issue.record("no times in \(call.json)")
                continue
            }
            #expect(start >= 0 && duration > 0)
        }
        #expect(trace?["statements"]?.json == "[]", "what ran before the request is none of its statements")
    }

    @Test func `statements that a data layer reports are in the trace`() async throws {
        var options = EngineOptions()
        options.extensions.trace = true
        let schema = DynamicSchema(try Schema(unchecked: "type Query { a: Int }"), options: options)
        let context = ExecutionContext()
        let root = DynamicObject(fields: [
            "a": .resolver { _ in
                context.loading.report(statement: "orders by id", rows: 7, since: context.loading.now)
                return .leaf(.int(1))
            }
        ])
        let request = Request(document: Array("{ a }".utf8), asksForTrace: true)
        let response = await schema.execute(request, root: root, in: context)
        let statements = try Value(json: String(decoding: response.bytes, as: UTF8.self))["extensions"]?["trace"]?[
            "statements"
        ]
        #expect(statements?.json.hasPrefix(#"[{"name":"orders by id","rows":7,"start":"#) == true)
    }
}
