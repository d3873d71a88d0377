import GraphQLEngine
import GraphQLSchema
import Testing

/// The generated code of this target's `schema.graphql`, compiled by the build and run by the engine.
@Suite struct GeneratedSchemaTests {
    private func answer(_ document: String, _ variables: Value = .null) async throws -> (json: String, calls: [String])
    {
        let engine = try Engine(GeneratedSchema.self)
        let loading = LoadingContext()
        let response = await LoadingContext.$traced.withValue(loading) {
            await engine.execute(
                Request(document: Array(document.utf8), variables: variables),
                in: RequestContext(loading)
            )
        }
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
            try await answer(search, .object([.init("by", .object([.init("authorId", .string("7"))]))])).json
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
            (#"["publish","input","tags"]"#, "Must have at most 2 items."),
            (#"["publish","input","reply","title"]"#, "Must be at most 20 characters long."),
        ] {
            #expect(json.contains(message) && json.contains(path))
        }
        #expect(try await answer("{ posts(first: 51) { id } }").json.contains("Must be at most 50."))
    }

    @Test func `what does not fit its type and what breaks a constraint are reported together`() async throws {
        let document = "mutation ($input: PublishInput!) { publish(input: $input) { id } }"
        let input = Value.object([
            .init("title", .string("ab")), .init("mail", .string("nobody")), .init("status", .string("LOST")),
            .init("tags", .list([.string("a"), .int(7), .string("0123456789")])),
        ])
        let json = try await answer(document, .object([.init("input", input)])).json
        guard case .list(let errors)? = try Value(json: json)["errors"] else { return #expect(Bool(false)) }
        let messages = errors.compactMap { error in
            if case .string(let message)? = error["message"] { message } else { nil }
        }
        #expect(messages.count == 6, "\(messages)")
        for message in [
            "\"LOST\"", "String cannot represent a non string value: 7",
            "Must be at least 3 characters long.", "Must be an e-mail address.", "Must have at most 2 items.",
            "Must be at most 9 characters long.",
        ] { #expect(messages.contains { $0.contains(message) }, "\(message)") }
    }

    @Test func `an argument that does not fit takes no other with it`() async throws {
        let document =
            "query ($n: Int!, $a: Int!) { posts(first: $n) { id } more: posts(first: 99) { id } ticks: posts(first: $a) { id } }"
        let json = try await answer(document, .object([.init("n", .string("x")), .init("a", .int(0))])).json
        for message in ["Int cannot represent non-integer value", "Must be at most 50.", "Must be at least 1."] {
            #expect(json.contains(message), "\(json)")
        }
    }

    @Test func `a list that breaks a constraint with each element is reported up to a limit`() async throws {
        let tags = Value.list((0..<5_000).map { _ in .string("0123456789") })
        let input = Value.object([.init("title", .string("abc")), .init("tags", tags)])
        let document = "mutation ($input: PublishInput!) { publish(input: $input) { id } }"
        let json = try await answer(document, .object([.init("input", input)])).json
        guard case .list(let errors)? = try Value(json: json)["errors"] else { return #expect(Bool(false)) }
        #expect(errors.count == 50)
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

    @Test func `a list of lists of objects is one column`() async throws {
        let (json, calls) = try await answer(#"{ shelves(of: ["a1", "a2", "a3"]) { id author { name } } }"#)
        let shelf = #"{"id":"a2-0","author":{"name":"author a2"}}"#
        let last = ["a3-0", "a3-1"].map { #"{"id":"\#($0)","author":{"name":"author a3"}}"# }.joined(separator: ",")
        #expect(json == #"{"data":{"shelves":[[],[\#(shelf)],[\#(last)]]}}"#)
        #expect(calls == ["authors"])
    }

    @Test func `an interface is answered by each of its types`() async throws {
        let query = #"{ nodes(ids: ["p7", "x", "a3"]) { __typename id ... on Author { name } } }"#
        #expect(
            try await answer(query).json
                == #"{"data":{"nodes":[{"__typename":"Post","id":"p7"},null,{"__typename":"Author","id":"a3","name":"a node"}]}}"#
        )
    }

    @Test func `a connection has its nodes from its edges, and properties may be objects or lists of numbers`()
        async throws
    {
        let query = "{ feed(first: 2) { total edges { cursor } nodes { id scores place { name latitude } } } }"
        #expect(
            try await answer(query).json
                == #"{"data":{"feed":{"total":2,"edges":[{"cursor":"c0"},{"cursor":"c1"}],"nodes":[{"id":"p0","scores":[[0,null],[]],"place":null},{"id":"p1","scores":[[1,null],[]],"place":{"name":"home","latitude":52.5}}]}}}"#
        )
    }

    @Test(arguments: [
        (#"postId: "p1""#, #"{"post":{"id":"p1","title":"Post 1"},"code":null}"#),
        (#"postId: "p1", title: "new""#, #"{"post":{"id":"p1","title":"new"},"code":null}"#),
        (#"postId: "p1", title: null"#, #"{"post":null,"code":"NOT_FOUND"}"#),
        (#"postId: "p1", title: "taken""#, #"{"post":null,"code":"TITLE_TAKEN"}"#),
    ])
    func `a mutation fails with the codes it has declared`(arguments: String, payload: String) async throws {
        let json = try await answer("mutation { postRename(\(arguments)) { post { id title } code } }").json
        #expect(json == #"{"data":{"postRename":\#(payload)}}"#)
    }

    @Test(arguments: [
        (#"slug: "Not a slug""#, "slug", "Must match ^[a-z]+(-[a-z]+)*$."),
        (#"mail: "nobody""#, "mail", "Must be an e-mail address."),
        (#"tags: ["short", "much too long"]"#, #"tags",1"#, "Must be at most 9 characters long."),
    ])
    func `texts are held against patterns, formats and bounds`(
        input: String,
        path: String,
        message: String
    ) async throws {
        let json = try await answer("mutation { publish(input: {title: \"abc\", \(input)}) { id } }").json
        #expect(json.contains(message) && json.contains(#""input","\#(path)"#), "\(json)")
    }

    @Test func `a text is trimmed before it is measured`() async throws {
        let json = try await answer(#"mutation { publish(input: {title: "  ab  "}) { id } }"#).json
        #expect(json.contains("Must be at least 3 characters long."))
        let long =
            #"mutation { publish(input: {title: "   01234567890123456789   ", slug: "a-b", mail: "a@b.c"}) { title } }"#
        #expect(try await answer(long).json.contains("01234567890123456789 absent"))
    }

    @Test func `a field may answer the root type, once or many times`() async throws {
        let json = try await answer("{ copies(count: 2) { tags posts(first: 1) { id } } }").json
        let copy = #"{"tags":["swift","graphql"],"posts":[{"id":"p0"}]}"#
        #expect(json == #"{"data":{"copies":[\#(copy),\#(copy)]}}"#)
        #expect(try await answer("{ copies(count: 0) { tags } }").json == #"{"data":{"copies":[]}}"#)
    }

    @Test func `defaults of the schema are defaults in Swift`() {
        let input = PublishInput(title: "t")
        #expect(input.mood == Mood.none && input.mood != nil)
        #expect(input.status == .draft && input.tags == ["new"])
        #expect(input.links.post == PostID(rawValue: "7") && input.links.mood == Mood.some)
    }

    @Test func `a description may hold whatever a text may`() async throws {
        let json = try await answer(#"{ __type(name: "Place") { description } }"#).json
        #expect(json.contains(##"with a bell \u0007 and \"\"\"#."##))
    }

    @Test func `clients see nothing of what speaks to the generator`() async throws {
        let json = try await answer("{ __schema { directives { name } } }").json
        for name in ["model", "embedded", "resolver", "idOf", "binding"] { #expect(!json.contains("\"\(name)\"")) }
        #expect(json.contains("mayFail"))
    }
}
