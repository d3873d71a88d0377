import GraphQLEngine
import GraphQLSchema
import Testing

@Suite struct BatchExecutionTests {
    /// Runs a document on one thread, and returns the answer with the calls of the loaders.
    private func run(
        _ document: String,
        authorLimit: Int = 1_000,
        limits: OperationLimits = OperationLimits()
    ) throws -> (json: String, calls: [LoadingContext.Call]) {
        var options = EngineOptions()
        options.limits = limits
        let engine = try Engine(Shop.self, options: options)
        return SerialTestExecutor.run { executor in
            let context = ShopContext(
                LoadingContext { await executor.waitForEndOfTurn() },
                authorLimit: authorLimit
            )
            let response = await LoadingContext.$traced.withValue(context.loading) {
                await engine.execute(Request(document: Array(document.utf8)), in: context)
            }
            return (String(decoding: response.bytes, as: UTF8.self), context.loading.calls)
        }
    }

    @Test func `three levels of lists take one call a level`() throws {
        let (json, calls) = try run("{ posts { id title score author { name } comments { id author { id name } } } }")
        #expect(
            json
                == #"{"data":{"posts":[{"id":0,"title":"p0","score":0.5,"author":{"name":"author 0"},"comments":[{"id":0,"author":{"id":0,"name":"author 0"}},{"id":1,"author":{"id":1,"name":"author 1"}},{"id":2,"author":{"id":2,"name":"author 2"}}]},{"id":1,"title":"p1","score":0.5,"author":{"name":"author 1"},"comments":[{"id":10,"author":{"id":1,"name":"author 1"}},{"id":11,"author":{"id":2,"name":"author 2"}},{"id":12,"author":{"id":3,"name":"author 3"}}]}]}}"#
        )
        // The authors of posts and the comments are asked for in one turn; the comments' authors in the next.
        #expect(calls.map(\.loader).sorted() == ["authors", "authors", "comments"])
        #expect(calls.filter { $0.loader == "authors" }.map(\.keys) == [2, 2])
    }

    @Test func `five levels of aliases, fragments and unions take a call a level and loader`() throws {
        let (json, calls) = try run(
            """
            {
              beings { ...Named ... on Robot { boss: owner { ...Named written: posts { ...Talk } } } }
              first: posts(first: 3) { writer: author { ...Named } ...Talk }
              second: posts(first: 3) { author { name } }
            }
            fragment Named on Author { id posts { title ...Talk } }
            fragment Talk on Post { comments { by: author { id more: posts { comments { author { name } } } } } }
            """,
            limits: .none
        )
        #expect(json.contains(#""first":[{"writer":{"id":0,"posts":[{"title":"p","comments":[{"by":{"id":0,"more""#))
        // Level by level: what becomes ready together is asked for together, whichever branch it is of. A loader is
        // called once in a turn, and never for a key it has loaded before.
        #expect(calls.count <= 12, "\(calls.map { "\($0.loader) \($0.keys)" })")
        for loader in ["authors", "posts", "comments"] {
            let starts = calls.filter { $0.loader == loader }.map(\.start)
            #expect(starts == starts.sorted() && starts.count <= 4, "\(loader) is called \(starts.count) times")
        }
    }

    @Test func `branches that meet at a loader in one turn share its call`() throws {
        let (json, calls) = try run("{ a: posts { author { id } } beings { ... on Robot { owner { id } } } }")
        #expect(json.contains(#""a":[{"author":{"id":0}},{"author":{"id":1}}]"#))
        #expect(calls.map(\.loader) == ["authors"])
        #expect(calls.map(\.keys) == [3])
    }

    @Test func `an error in a union's element has its path and takes only its element`() throws {
        let (json, _) = try run(
            "{ beings { __typename ... on Author { name } ... on Robot { serial boss: owner { id } } } }"
        )
        #expect(
            json
                == #"{"errors":[{"message":"no such author","locations":[{"line":1,"column":68}],"path":["beings",3,"boss"]}],"data":{"beings":[{"__typename":"Robot","serial":"r1","boss":{"id":1}},null,{"__typename":"Author","name":"seven"},null]}}"#
        )
    }

    @Test func `a batch above the limit is split`() throws {
        let (_, calls) = try run("{ posts(first: 3) { author { id } } }", authorLimit: 2)
        #expect(calls.map(\.keys) == [2, 1])
    }

    @Test func `a resolver that throws fails its field alone`() throws {
        let (json, _) = try run("{ failing { id } posts { id } }")
        #expect(
            json
                == #"{"errors":[{"message":"no posts today","locations":[{"line":1,"column":3}],"path":["failing"]}],"data":{"failing":null,"posts":[{"id":0},{"id":1}]}}"#
        )
    }
}
