import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import Testing

@Suite struct RequestTests {
    private static let sdl = """
        type Query { name: String strict: String! child: Query list: [Query!] count(of: Int = 1): Int }
        type Mutation { step: Int }
        """

    private func response(
        _ document: String,
        _ root: [String: DynamicValue] = [:],
        operation: String? = nil,
        variables: Value = .null,
        onError: ErrorBehavior = .propagate,
        options: EngineOptions = EngineOptions()
    ) async throws -> (json: String, outcome: Response.Outcome) {
        let schema = DynamicSchema(try Schema(unchecked: Self.sdl), options: options)
        let request = Request(
            document: Array(document.utf8),
            operationName: operation,
            variables: variables,
            onError: onError
        )
        let response = await schema.execute(request, root: DynamicObject(fields: root))
        return (String(decoding: response.bytes, as: UTF8.self), response.outcome)
    }

    @Test(arguments: [
        (
            "{", nil,
            #"{"errors":[{"message":"Syntax Error: Expected Name, found <EOF>.","locations":[{"line":1,"column":2}]}]}"#,
            Response.Outcome.syntaxError
        ),
        (
            "{ nme }", nil,
            #"{"errors":[{"message":"Cannot query field \"nme\" on type \"Query\". Did you mean \"name\"?","locations":[{"line":1,"column":3}]}]}"#,
            .invalidRequest
        ),
        (
            "query A { name } query B { name }", nil,
            #"{"errors":[{"message":"Must provide operation name if query contains multiple operations."}]}"#,
            .invalidRequest
        ),
        ("query A { name }", "C", #"{"errors":[{"message":"Unknown operation named \"C\"."}]}"#, .invalidRequest),
        (
            "query ($n: Int!) { count(of: $n) }", nil,
            #"{"errors":[{"message":"Variable \"$n\" of required type \"Int!\" was not provided.","locations":[{"line":1,"column":8}]}]}"#,
            .invalidVariables
        ),
        (
            "subscription { name }", nil,
            #"{"errors":[{"message":"Schema is not configured to execute subscription operation.","locations":[{"line":1,"column":1}]}]}"#,
            .invalidRequest
        ),
    ])
    func `a request that cannot run says why, and runs nothing`(
        document: String,
        operation: String?,
        json: String,
        outcome: Response.Outcome
    ) async throws {
        let answer = try await response(document, operation: operation)
        #expect(answer.json == json)
        #expect(answer.outcome == outcome)
    }

    @Test(arguments: [
        (true, false, "{}"), (true, true, #"{"b":"x"}"#), (false, false, #"{"a":"x"}"#),
        (false, true, #"{"a":"x","b":"x"}"#),
    ])
    func `skip and include follow their variables, whatever was asked before`(
        skip: Bool,
        include: Bool,
        data: String
    ) async throws {
        let schema = DynamicSchema(try Schema(unchecked: Self.sdl))
        let document = "query ($s: Boolean!, $i: Boolean!) { a: name @skip(if: $s) b: name @include(if: $i) }"
        for (s, i, expected) in [(!skip, !include, nil), (skip, include, data)] {
            let request = Request(
                document: Array(document.utf8),
                variables: .object([.init("s", .boolean(s)), .init("i", .boolean(i))])
            )
            let response = await schema.execute(request, root: DynamicObject(fields: ["name": .leaf(.string("x"))]))
            guard let expected else { continue }
            #expect(String(decoding: response.bytes, as: UTF8.self) == "{\"data\":\(expected)}")
        }
    }

    @Test func `onError decides how far a null goes`() async throws {
        let failing: [String: DynamicValue] = [
            "name": .leaf(.string("x")),
            "child": .object(
                DynamicObject(fields: ["strict": .error(GraphQLError("broken")), "name": .leaf(.string("y"))])
            ),
        ]
        let document = "{ name child { strict name } }"
        #expect(try await response(document, failing).json.hasSuffix(#""data":{"name":"x","child":null}}"#))
        #expect(
            try await response(document, failing, onError: .null).json
                .hasSuffix(#""data":{"name":"x","child":{"strict":null,"name":"y"}}}"#)
        )
        #expect(try await response(document, failing, onError: .halt).json.hasSuffix(#""data":null}"#))
    }

    @Test func `what was not made to be shown is masked`() async throws {
        struct Secret: Error { let password = "hunter2" }
        let answer = try await response("{ name }", ["name": .error(Secret())])
        #expect(
            answer.json
                == #"{"errors":[{"message":"Internal server error","locations":[{"line":1,"column":3}],"path":["name"],"extensions":{"code":"INTERNAL"}}],"data":{"name":null}}"#
        )
        #expect(answer.outcome == .executed(hasErrors: true))
    }

    @Test func `mutations run one after the other`() async throws {
        let counter = Locked(0)
        let step = DynamicValue.resolver { _ in
            await Task.yield()
            return .leaf(.int(counter.increment()))
        }
        let answer = try await response("mutation { a: step b: step c: step }", ["step": step])
        #expect(answer.json == #"{"data":{"a":1,"b":2,"c":3}}"#)
    }

    @Test func `an error below a position that became null before is not reported`() async throws {
        let broken = DynamicValue.object(
            DynamicObject(fields: ["strict": .null, "name": .error(GraphQLError("late"))])
        )
        let answer = try await response("{ list { strict name } }", ["list": .list([broken, broken])])
        #expect(
            answer.json
                == #"{"errors":[{"message":"Cannot return null for non-nullable field Query.strict.","locations":[{"line":1,"column":10}],"path":["list",0,"strict"]}],"data":{"list":null}}"#
        )
    }

    @Test func `fragments that merge in every combination are planned once each`() async throws {
        // Each level spreads the next one twice under one key; planned naively this takes 2^60 selections.
        let levels = (0..<60).map {
            "fragment F\($0) on Query { child { ...F\($0 + 1) } child { ...F\($0 + 1) name } }"
        }
        let document = "{ ...F0 } \(levels.joined(separator: " ")) fragment F60 on Query { name }"
        var options = EngineOptions()
        options.parser = .standard
        options.limits = .none
        let answer = try await response(document, options: options)
        #expect(answer.json == #"{"data":{"child":null}}"#)
    }

    @Test func `a plan deeper than its limit is refused`() async throws {
        var options = EngineOptions()
        options.plan.depth = 3
        let answer = try await response("{ child { child { child { child { name } } } } }", options: options)
        #expect(
            answer.json
                == #"{"errors":[{"message":"Operation nests deeper than 3 fields.","extensions":{"code":"QUERY_TOO_DEEP"}}]}"#
        )
        #expect(answer.outcome == .invalidRequest)
    }

    @Test func `introspection answers the same when it is copied`() async throws {
        let schema = DynamicSchema(try Schema(unchecked: Self.sdl))
        let request = Request(document: Array(#"{ name __type(name: "Query") { name fields { name } } }"#.utf8))
        var answers: [[UInt8]] = []
        for _ in 0..<3 { answers.append(await schema.execute(request, root: DynamicObject(fields: [:])).bytes) }
        #expect(answers[0] == answers[1] && answers[1] == answers[2])
        #expect(
            String(decoding: answers[0], as: UTF8.self).hasPrefix(#"{"data":{"name":null,"__type":{"name":"Query","#)
        )
    }
}
