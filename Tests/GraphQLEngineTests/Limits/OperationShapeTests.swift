import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import Testing

@Suite struct OperationShapeTests {
    private let sdl = """
        type Query { a: Query b(x: Int): Query leaf: Int }
        type Mutation { set: Int }
        """

    private func refusal(
        _ document: String,
        validates: Bool = true,
        _ change: (inout OperationLimits) -> Void
    ) async throws -> Value? {
        var options = EngineOptions()
        options.parser = .standard
        options.validates = validates
        options.limits = .none
        change(&options.limits)
        let schema = DynamicSchema(try Schema(unchecked: sdl), options: options)
        let response = await schema.execute(Request(document: Array(document.utf8)), root: DynamicObject(fields: [:]))
        guard case .list(let errors)? = try Value(json: response.bytes)["errors"] else { return nil }
        #expect(errors.count == 1)
        return errors.first
    }

    private func code(_ error: Value?) -> String? {
        guard case .string(let code)? = error?["extensions"]?["code"] else { return nil }
        return code
    }

    @Test(arguments: [
        "{ a { b { leaf } } }", "{ a { ... { b { ...F } } } } fragment F on Query { leaf }",
        "{ ...F } fragment F on Query { ...G } fragment G on Query { leaf a { b { leaf } } }",
    ])
    func `depth counts fields in each other, whatever fragments they come by`(document: String) async throws {
        #expect(try await refusal(document) { $0.depth = 3 } == nil)
        let error = try await refusal(document) { $0.depth = 2 }
        #expect(error?["message"] == .string("The operation is 3 levels deep; at most 2 are allowed."))
        #expect(code(error) == "QUERY_TOO_DEEP")
        #expect(error?["extensions"]?["actual"] == .int(3))
        #expect(error?["extensions"]?["limit"] == .int(2))
    }

    @Test(arguments: [
        "{ __schema { types { name } } }",
        "{ ...F } fragment F on Query { __type(name: \"Query\") { ofType { ...G } } } "
            + "fragment G on __Type { name }",
    ])
    func `introspection has a depth of its own`(document: String) async throws {
        #expect(try await refusal(document) { ($0.depth, $0.introspectionDepth) = (1, 3) } == nil)
        let error = try await refusal(document) { $0.introspectionDepth = 2 }
        #expect(error?["message"] == .string("The operation introspects 3 levels deep; at most 2 are allowed."))
        #expect(code(error) == "QUERY_TOO_DEEP")
    }

    @Test func `fields beside an introspection count as others do`() async throws {
        let document = "{ __schema { types { name } } a { b { leaf } } }"
        #expect(code(try await refusal(document) { $0.depth = 2 }) == "QUERY_TOO_DEEP")
        #expect(try await refusal(document) { $0.depth = 3 } == nil)
    }

    @Test func `a fragment counts as often as it is spread`() async throws {
        let document = "{ x: a { ...F } y: a { ...F } } fragment F on Query { z: leaf @include(if: true) a { leaf } }"
        let allowed = try await refusal(document) {
            ($0.fields, $0.aliases, $0.directives, $0.rootFields) = (8, 4, 2, 2)
        }
        #expect(allowed == nil)
        let fields = try await refusal(document) { $0.fields = 7 }
        #expect(fields?["message"] == .string("The operation has 8 fields; at most 7 are allowed."))
        #expect(code(fields) == "QUERY_TOO_LARGE")
        let aliases = try await refusal(document) { $0.aliases = 3 }
        #expect(aliases?["message"] == .string("The operation has 4 aliases; at most 3 are allowed."))
        #expect(code(aliases) == "QUERY_TOO_COMPLEX")
        let directives = try await refusal(document) { $0.directives = 1 }
        #expect(directives?["message"] == .string("The operation has 2 directives; at most 1 are allowed."))
        let roots = try await refusal(document) { $0.rootFields = 1 }
        #expect(roots?["message"] == .string("The operation has 2 root fields; at most 1 are allowed."))
    }

    @Test func `mutations are counted apart`() async throws {
        let document = "mutation { a: set b: set ...F } fragment F on Mutation { c: set }"
        #expect(try await refusal(document) { ($0.mutations, $0.rootFields) = (3, 1) } == nil)
        #expect(code(try await refusal(document) { $0.mutations = 2 }) == "QUERY_TOO_COMPLEX")
    }

    @Test func `fragments that double each other are measured at once`() async throws {
        let levels = (0..<200).map { "fragment F\($0) on Query { a { ...F\($0 + 1) } b { ...F\($0 + 1) } }" }
        let document = "{ ...F0 } \(levels.joined(separator: "\n")) fragment F200 on Query { leaf }"
        let error = try await refusal(document) { $0.fields = 5_000 }
        #expect(code(error) == "QUERY_TOO_LARGE")
    }

    @Test func `a long chain of fragments takes no stack`() async throws {
        let chain = (0..<20_000).map { "fragment F\($0) on Query { ...F\($0 + 1) }" }.joined(separator: "\n")
        let document = "{ ...F0 } \(chain) fragment F20000 on Query { a { leaf } }"
        #expect(code(try await refusal(document, validates: false) { $0.depth = 1 }) == "QUERY_TOO_DEEP")
    }

    @Test func `fragments in a circle are measured to an end`() async throws {
        let document = "{ ...F } fragment F on Query { leaf a { ...F } }"
        #expect(code(try await refusal(document, validates: false) { $0.depth = 1 }) == "QUERY_TOO_DEEP")
    }

    @Test func `an operation that is not asked for counts too`() async throws {
        let document = "query A { leaf } query B { a { a { leaf } } }"
        #expect(code(try await refusal(document) { $0.depth = 2 }) == "QUERY_TOO_DEEP")
    }

    @Test func `the standard limits are those that are documented`() {
        let limits = OperationLimits()
        #expect((limits.depth, limits.introspectionDepth, limits.aliases) == (15, 20, 30))
        #expect((limits.rootFields, limits.mutations) == (50, 5))
        #expect((limits.points, limits.nodes) == (1_000, 10_000))
    }
}
