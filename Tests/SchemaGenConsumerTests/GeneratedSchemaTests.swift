import GraphQLEngine
import GraphQLSchema
import Testing

/// The generated code of this target's `schema.graphql`, compiled by the build and run by the engine.
@Suite struct GeneratedSchemaTests {
    private func answer(_ document: String, _ variables: Value = .null) async throws -> (json: String, calls: [String])
    {
        let engine = try Engine(GeneratedSchema.self)
        let loading = LoadingContext()
        let response = await engine.execute(
            Request(document: Array(document.utf8), variables: variables),
            in: RequestContext(loading)
        )
        return (String(decoding: response.bytes, as: UTF8.self), loading.calls.map(\.loader))
    }

    @Test func `a list of lists asks each loader once a level`() async throws {
        let (json, calls) = try await answer(
            "{ posts(first: 3) { id score status commentCount related { id author { name } } } tags }"
        )
        #expect(
            json.hasPrefix(
                #"{"data":{"posts":[{"id":"p0","score":null,"status":"PUBLISHED","commentCount":6,"related":[{"id":"p0","author":{"name":"author a0"}},{"id":"p1","author":{"name":"author a1"}},{"id":"p2","author":{"name":"author a0"}}]},"#
            )
        )
        #expect(json.hasSuffix(#""tags":["swift","graphql"]}}"#))
        #expect(calls == ["authors"])
    }

    @Test func `oneOf inputs and unions are enums`() async throws {
        let search =
            "query ($by: SearchInput!) { search(by: $by) { __typename ... on Post { title } ... on Author { id posts { id } } } }"
        #expect(
            try await answer(search, .object([.init("by", .object([.init("text", .string("t"))]))])).json
                == #"{"data":{"search":[{"__typename":"Post","title":"t"},null]}}"#
        )
        #expect(
            try await answer(search, .object([.init("by", .object([.init("author", .string("7"))]))])).json
                == #"{"data":{"search":[{"__typename":"Author","id":"7","posts":[{"id":"p1"}]}]}}"#
        )
    }

    @Test(arguments: [
        (#"title: "abc""#, "abc absent [\\\"new\\\"] -", "DRAFT"),
        (#"title: "abc", note: null, tags: null, status: PUBLISHED"#, "abc null [] -", "PUBLISHED"),
        (#"title: "abc", note: "n", tags: [], reply: {title: "inner"}"#, "abc n [] inner", "DRAFT"),
    ])
    func `left out, null and a value are three things, and defaults are filled in`(
        input: String,
        title: String,
        status: String
    ) async throws {
        let json = try await answer("mutation { publish(input: {\(input)}) { title status } }").json
        #expect(json == #"{"data":{"publish":{"title":"\#(title)","status":"\#(status)"}}}"#)
    }

    @Test func `everything a request breaks is reported together, before anything runs`() async throws {
        let json = try await answer(
            #"mutation { publish(input: {title: "ab", tags: ["a", "b", "c"], reply: {title: "0123456789012345678901"}}) { id } }"#
        ).json
        #expect(!json.contains("data"))
        for (path, message) in [
            (#"["publish","input","title"]"#, "Must be at least 3 characters long."),
            (#"["publish","input","tags"]"#, "Must hold at most 2 items."),
            (#"["publish","input","reply","title"]"#, "Must be at most 20 characters long."),
        ] {
            #expect(json.contains(message) && json.contains(path))
        }
        #expect(try await answer("{ posts(first: 51) { id } }").json.contains("Must be at most 50."))
    }

    @Test func `a subscription answers each event`() async throws {
        let engine = try Engine(GeneratedSchema.self)
        let request = Request(document: Array("subscription { ticks(to: 3) }".utf8))
        guard case .stream(let stream) = await engine.subscribe(request, in: RequestContext(LoadingContext())) else {
            Issue.record("the subscription was refused")
            return
        }
        var events: [String] = []
        while let response = try await stream.next() { events.append(String(decoding: response.bytes, as: UTF8.self)) }
        #expect(events == [#"{"data":{"ticks":1}}"#, #"{"data":{"ticks":2}}"#, #"{"data":{"ticks":3}}"#])
    }

    @Test func `the schema that is served is the one that was written`() async throws {
        let json = try await answer(#"{ __type(name: "PostStatus") { description enumValues { name } } }"#).json
        #expect(
            json
                == #"{"data":{"__type":{"description":"In which state a post is.","enumValues":[{"name":"DRAFT"},{"name":"IN_REVIEW"},{"name":"PUBLISHED"}]}}}"#
        )
    }
}
