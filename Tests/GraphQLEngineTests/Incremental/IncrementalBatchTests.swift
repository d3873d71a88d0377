import GraphQLEngine
import GraphQLSchema
import Synchronization
import Testing

/// Parts of a bound schema's answers, and the statements they take.
@Suite struct IncrementalBatchTests {
    /// Runs a document on one thread; returns the parts of the answer, and for each the loaders called until then.
    private func run(
        _ document: String,
        as format: IncrementalFormat = .current,
        options: EngineOptions = EngineOptions()
    ) throws -> (parts: [String], calls: [[String]]) {
        let engine = try Engine(Shop.self, options: options)
        return SerialTestExecutor.run { executor in
            let context = ShopContext(LoadingContext { await executor.waitForEndOfTurn() })
            let request: PreparedRequest
            switch engine.prepare(Request(document: Array(document.utf8)), in: context) {
            case .ready(let prepared): request = prepared
            case .refused(let response): return ([String(decoding: response.bytes, as: UTF8.self)], [])
            }
            let parts = Mutex<[(String, [String])]>([])
            await LoadingContext.$traced.withValue(context.loading) {
                try? await engine.execute(request, in: context, as: format) { part in
                    let text = String(decoding: part.bytes, as: UTF8.self)
                    let calls = context.loading.calls.map { "\($0.loader) \($0.keys)" }.sorted()
                    parts.withLock { $0.append((text, calls)) }
                }
            }
            return parts.withLock { ($0.map(\.0), $0.map(\.1)) }
        }
    }

    @Test func `what is deferred of all objects of a list takes one call of each loader`() throws {
        let (parts, calls) = try run(
            "{ posts(first: 3) { id ... @defer { author { name } comments { id author { name } } } } }"
        )
        #expect(calls.first == [])
        #expect(calls.last == ["authors 2", "authors 3", "comments 3"])
        #expect(
            parts.first
                == #"{"data":{"posts":[{"id":0},{"id":1},{"id":2}]},"pending":[{"id":"0","path":["posts",0]},{"id":"1","path":["posts",1]},{"id":"2","path":["posts",2]}],"hasNext":true}"#
        )
        #expect(parts.count == 2)
        #expect(parts.last?.hasSuffix(#""completed":[{"id":"0"},{"id":"1"},{"id":"2"}],"hasNext":false}"#) == true)
    }

    @Test func `a deferred field that is wanted at once as well is not loaded again`() throws {
        let (parts, calls) = try run(
            "{ posts { author { id } ... @defer { id author { id name } } } }"
        )
        #expect(calls == [["authors 2"], ["authors 2"]])
        #expect(
            parts.last
                == #"{"incremental":[{"data":{"name":"author 0"},"id":"0","subPath":["author"]},{"data":{"id":0},"id":"0"},{"data":{"name":"author 1"},"id":"1","subPath":["author"]},{"data":{"id":1},"id":"1"}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#
        )
    }

    @Test func `the rest of all streamed lists is resolved together`() throws {
        let (parts, calls) = try run(
            "{ posts(first: 2) { comments @stream(initialCount: 1, label: \"more\") { id author { name } } } }"
        )
        #expect(calls == [["authors 2", "comments 2"], ["authors 2", "authors 2", "comments 2"]])
        #expect(
            parts == [
                #"{"data":{"posts":[{"comments":[{"id":0,"author":{"name":"author 0"}}]},{"comments":[{"id":10,"author":{"name":"author 1"}}]}]},"pending":[{"id":"0","path":["posts",0,"comments"],"label":"more"},{"id":"1","path":["posts",1,"comments"],"label":"more"}],"hasNext":true}"#,
                #"{"incremental":[{"items":[{"id":1,"author":{"name":"author 1"}},{"id":2,"author":{"name":"author 2"}}],"id":"0"},{"items":[{"id":11,"author":{"name":"author 2"}},{"id":12,"author":{"name":"author 3"}}],"id":"1"}],"completed":[{"id":"0"},{"id":"1"}],"hasNext":false}"#,
            ]
        )
    }

    @Test func `an error in the rest of a list stands at its place in the whole list`() throws {
        let (parts, _) = try run(
            "{ beings @stream(initialCount: 1) { ... on Robot { serial boss: owner { id } } } }"
        )
        #expect(
            parts.last
                == #"{"incremental":[{"items":[null,{},null],"errors":[{"message":"no such author","locations":[{"line":1,"column":59}],"path":["beings",3,"boss"]}],"id":"0"}],"completed":[{"id":"0"}],"hasNext":false}"#
        )
    }

    @Test func `clients of the draft of 2022 get paths and labels`() throws {
        let (parts, _) = try run(
            "{ posts(first: 2) @stream(initialCount: 1, label: \"s\") { id ... @defer(label: \"d\") { author { name } } } }",
            as: .of2022
        )
        #expect(
            parts == [
                #"{"data":{"posts":[{"id":0}]},"hasNext":true}"#,
                #"{"incremental":[{"items":[{"id":1}],"path":["posts",1],"label":"s"}],"hasNext":true}"#,
                #"{"incremental":[{"data":{"author":{"name":"author 0"}},"path":["posts",0],"label":"d"},{"data":{"author":{"name":"author 1"}},"path":["posts",1],"label":"d"}],"hasNext":false}"#,
            ]
        )
    }

    @Test func `documents that break the rules of the directives are refused`() throws {
        let (parts, _) = try run(
            "{ a: posts { ... @defer(label: \"x\") { id } } b: posts @stream(label: \"x\") { id } }"
        )
        #expect(parts.first?.contains("must be unique across all Defer/Stream directive usages") == true)
        #expect(try run("{ posts { id @stream } }").parts.first?.contains("non-list field") == true)
    }

    @Test func `a schema without incremental delivery does not know the directives`() throws {
        var options = EngineOptions()
        options.allowsIncrementalDelivery = false
        let (parts, _) = try run("{ posts { ... @defer { id } } }", options: options)
        #expect(parts.first?.contains(#"Unknown directive \"@defer\""#) == true)
    }

    @Test func `a client that takes no parts gets the whole answer`() throws {
        let engine = try Engine(Shop.self)
        let text = "{ posts @stream { id ... @defer { title } } }"
        let json = SerialTestExecutor.run { _ in
            let response = await engine.execute(
                Request(document: Array(text.utf8)),
                in: ShopContext(LoadingContext())
            )
            return String(decoding: response.bytes, as: UTF8.self)
        }
        #expect(json == #"{"data":{"posts":[{"id":0,"title":"p0"},{"id":1,"title":"p1"}]}}"#)
    }

    @Test func `fragments that defer themselves over and over are refused, not planned`() throws {
        var text = "{ ...F0 @defer }"
        for index in 0..<30 {
            text += " fragment F\(index) on Query { ...F\(index + 1) @defer ...F\(index + 1) @defer }"
        }
        text += " fragment F30 on Query { posts { id } }"
        var options = EngineOptions()
        options.limits = .none
        let (parts, _) = try run(text, options: options)
        #expect(
            parts == [
                #"{"errors":[{"message":"Operation defers more than 1000 fragments.","extensions":{"code":"QUERY_TOO_LARGE"}}]}"#
            ]
        )
    }
}
