import GraphQLLanguage
import GraphQLSchema
import Testing

@testable import GraphQLEngine

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

    @Test func `HALT tells the first error alone, and no further mutation begins`() async throws {
        let counter = Locked(0)
        let step = DynamicValue.resolver { _ in
            if counter.increment() == 2 { throw GraphQLError("second") }
            return .leaf(.int(counter.current))
        }
        let document = "mutation { a: step b: step c: step }"
        let answer = try await response(document, ["step": step], onError: .halt)
        #expect(
            answer.json
                == #"{"errors":[{"message":"second","locations":[{"line":1,"column":20}],"path":["b"]}],"data":null}"#
        )
        #expect(counter.current == 2)
        #expect(try await response(document, ["step": step]).json == #"{"data":{"a":3,"b":4,"c":5}}"#)
        let both: [String: DynamicValue] = ["name": .error(GraphQLError("n")), "strict": .error(GraphQLError("s"))]
        let query = try await response("{ name strict }", both, onError: .halt)
        #expect(
            query.json
                == #"{"errors":[{"message":"n","locations":[{"line":1,"column":3}],"path":["name"]}],"data":null}"#
        )
    }

    @Test func `HALT sees errors however deep they stand`() async throws {
        let sdl = "type Query { a: Int } type Mutation { make: [[Made!]] step: Int } type Made { id: Int! }"
        let schema = DynamicSchema(try Schema(unchecked: sdl))
        let counter = Locked(0)
        let made = DynamicValue.object(DynamicObject(fields: [:]))
        let root: [String: DynamicValue] = [
            "make": .list([.null, .list([made])]), "step": .resolver { _ in .leaf(.int(counter.increment())) },
        ]
        let request = Request(document: Array("mutation { make { id } step }".utf8), onError: .halt)
        let response = await schema.execute(request, root: DynamicObject(fields: root))
        #expect(
            String(decoding: response.bytes, as: UTF8.self)
                == #"{"errors":[{"message":"Cannot return null for non-nullable field Made.id.","locations":[{"line":1,"column":19}],"path":["make",1,0,"id"]}],"data":null}"#
        )
        #expect(counter.current == 0)
    }

    /// "If includeDirective's if argument is not true and is not a variable in variableValues with the value true,
    /// continue": https://spec.graphql.org/September2025/#CollectFields()
    @Test func `a condition that is null neither skips nor includes`() async throws {
        let document = "query ($v: Boolean = true) { a: name @include(if: $v) b: name @skip(if: $v) }"
        let null = Value.object([.init("v", .null)])
        let root: [String: DynamicValue] = ["name": .leaf(.string("x"))]
        #expect(try await response(document, root, variables: null).json == #"{"data":{"b":"x"}}"#)
        #expect(try await response(document, root).json == #"{"data":{"a":"x"}}"#)
    }

    @Test func `an error of a whole batch is presented once`() async throws {
        struct Down: Error {}
        let presented = Locked(0)
        var options = EngineOptions()
        options.present = { error in
            presented.increment()
            return EngineOptions.masked(error)
        }
        let failing = FieldColumn(error: Down(), count: 3)
        let plan = try await Self.plan("{ name }")
        let run = SelectionRun(plan.root, ObjectColumn(count: 3), origin: nil)
        run.answers = [FieldAnswer(column: failing)]
        var settling = Settling(
            plan,
            PlannableSchema(try Schema(unchecked: Self.sdl), storesLeaves: false),
            .propagate,
            options
        )
        settling.settle(run)
        #expect(settling.errors.count == 3 && presented.current == 1)
    }

    private static func plan(_ document: String) async throws -> Plan {
        let engine = DynamicSchema(try Schema(unchecked: sdl)).engine
        let prepared = try engine.prepared(Request(document: Array(document.utf8)), in: ExecutionContext())
        return try engine.executor(for: prepared, in: ExecutionContext()).plan
    }

    @Test func `an answer lists errors up to a limit, and says that there are more`() async throws {
        var options = EngineOptions()
        options.errorLimit = 3
        let root: [String: DynamicValue] = [
            "list": .list((0..<10).map { _ in .object(DynamicObject(fields: ["name": .error(GraphQLError("no"))])) })
        ]
        let nulls = Array(repeating: #"{"name":null}"#, count: 10).joined(separator: ",")
        let answer = try await response("{ list { name } }", root, options: options)
        guard case .list(let errors)? = try Value(json: answer.json)["errors"] else { return #expect(Bool(false)) }
        #expect(errors.count == 4)
        #expect(errors.last?["extensions"]?["code"] == .string("TOO_MANY_ERRORS"))
        #expect(answer.json.hasSuffix(#""data":{"list":[\#(nulls)]}}"#))
    }

    @Test func `thousands of places of a field that fails thousands of times take no time`() async throws {
        let root: [String: DynamicValue] = [
            "list": .list((0..<2_000).map { _ in .object(DynamicObject(fields: ["name": .error(GraphQLError("no"))])) })
        ]
        let document = "{ list { \(Array(repeating: "name", count: 4_000).joined(separator: " ")) } }"
        let start = ContinuousClock.now
        let answer = try await response(document, root)
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(answer.json.utf8.count < 4 << 20)
    }

    @Test(arguments: [
        ("{ name name name name }", "QUERY_TOO_LARGE"),
        ("{ name } ##########################################################", "QUERY_TOO_LARGE"),
        ("{ a: child { b: child { c: child { name } } } }", "QUERY_TOO_DEEP"),
    ])
    func `what the parser gives up on has a code`(document: String, code: String) async throws {
        var options = EngineOptions()
        options.parser = ParserLimits(tokens: document.contains(":") ? 100 : 5, depth: 3, bytes: 50)
        let answer = try await response(document, options: options)
        #expect(
            try Value(json: answer.json)["errors"]?.first?["extensions"]?["code"] == .string(code),
            "\(answer.json)"
        )
        #expect(answer.outcome == .syntaxError)
    }

    @Test(arguments: [
        ("{ child { child { name } } }", "QUERY_TOO_LARGE"),
        ("{ child { child { child { name } } } }", "QUERY_TOO_LARGE"),
    ])
    func `a plan of too many steps is refused`(document: String, code: String) async throws {
        var options = EngineOptions()
        options.plan.steps = 2
        let answer = try await response(document, options: options)
        #expect(
            try Value(json: answer.json)["errors"]?.first?["extensions"]?["code"] == .string(code),
            "\(answer.json)"
        )
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

extension Value {
    fileprivate var first: Value? { if case .list(let elements) = self { elements.first } else { nil } }
}
