import GraphQLEngine
import GraphQLSchema
import Testing

@Suite struct SchemaViewTests {
    private static let sdl = """
        directive @visible(to: [Role!]!) on OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
        enum Role { STAFF ADMIN }
        type Query {
          name(in: Case, hiddenBy: Filter @visible(to: [STAFF])): String
          salary: Int @visible(to: [STAFF, ADMIN])
          audit: Audit
          filtered(by: Filter): Int
        }
        type Audit @visible(to: [ADMIN]) { entries: Int }
        enum Case { UPPER SECRET @visible(to: [ADMIN]) }
        input Filter { plain: Int hidden: Int @visible(to: [ADMIN]) }
        """

    private func answer(
        _ document: String,
        as visibility: String? = nil,
        variables: Value = .null,
        on schema: DynamicSchema? = nil
    ) async throws -> String {
        var options = EngineOptions()
        options.visibility = VisibilityRule()
        let schema = try schema ?? DynamicSchema(try Schema(unchecked: Self.sdl), options: options)
        let root = DynamicObject(fields: [
            "name": .leaf(.string("n")), "salary": .leaf(.int(1)), "filtered": .leaf(.int(2)),
            "audit": .object(DynamicObject(fields: ["entries": .leaf(.int(3))])),
        ])
        let request = Request(document: Array(document.utf8), variables: variables)
        let answer = await schema.execute(request, root: root, in: Reader(visibility: visibility))
        return String(decoding: answer.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("{ salary }", "STAFF", #"{"data":{"salary":1}}"#), ("{ salary }", "ADMIN", #"{"data":{"salary":1}}"#),
        ("{ audit { entries } }", "ADMIN", #"{"data":{"audit":{"entries":3}}}"#),
        ("{ name(in: SECRET) }", "ADMIN", #"{"data":{"name":"n"}}"#),
        ("{ filtered(by: {hidden: 1}) }", "ADMIN", #"{"data":{"filtered":2}}"#),
    ])
    func `who may see a part can ask for it`(document: String, visibility: String, answer: String) async throws {
        #expect(try await self.answer(document, as: visibility) == answer)
    }

    @Test(arguments: [
        ("{ salary }", nil, #"Cannot query field \"salary\" on type \"Query\"."#),
        ("{ salary }", "GUEST", #"Cannot query field \"salary\" on type \"Query\"."#),
        ("{ audit { entries } }", "STAFF", #"Cannot query field \"audit\" on type \"Query\"."#),
        ("{ name(hiddenBy: {}) }", nil, #"Unknown argument \"hiddenBy\" on field \"Query.name\"."#),
        ("{ name(in: SECRET) }", "STAFF", #"Value \"SECRET\" does not exist in \"Case\" enum."#),
        ("{ filtered(by: {hidden: 1}) }", "STAFF", #"Field \"hidden\" is not defined by type \"Filter\"."#),
        ("{ ... on Audit { entries } }", "STAFF", #"Unknown type \"Audit\"."#),
    ])
    func `to others a hidden part is not there, and nothing suggests it`(
        document: String,
        visibility: String?,
        message: String
    ) async throws {
        let answer = try await answer(document, as: visibility)
        #expect(answer.hasPrefix(#"{"errors":[{"message":"\#(message)","locations""#), "\(answer)")
    }

    @Test func `variables cannot carry what is hidden`() async throws {
        let variables: Value = .object([Value.Field("f", .object([Value.Field("hidden", .int(1))]))])
        let document = "query ($f: Filter) { filtered(by: $f) }"
        #expect(try await answer(document, as: "ADMIN", variables: variables) == #"{"data":{"filtered":2}}"#)
        #expect(try await answer(document, variables: variables).contains("is not defined by type"))
    }

    @Test func `introspection shows what is seen, and documents are kept apart`() async throws {
        var options = EngineOptions()
        options.visibility = VisibilityRule()
        let schema = DynamicSchema(try Schema(unchecked: Self.sdl), options: options)
        let document = #"{ __schema { types { name } } __type(name: "Query") { fields { name } } }"#
        for _ in 0..<2 {
            let everybody = try await answer(document, on: schema)
            #expect(!everybody.contains("Audit") && !everybody.contains("salary") && everybody.contains("filtered"))
            let staff = try await answer(document, as: "STAFF", on: schema)
            #expect(!staff.contains("Audit") && staff.contains("salary"))
            let admin = try await answer(document, as: "ADMIN", on: schema)
            #expect(admin.contains("Audit") && admin.contains("salary"))
        }
    }

    @Test func `introspection is refused where a request may not ask for it, whatever others may`() async throws {
        let schema = DynamicSchema(try Schema(unchecked: "type Query { a: Int }"))
        for allows in [true, false, true, false] {
            for document in ["{ __schema { types { name } } }", #"{ __type(name: "Query") { name } }"#] {
                let request = Request(document: Array(document.utf8))
                let reader = Reader(allowsIntrospection: allows)
                let response = await schema.execute(request, root: DynamicObject(fields: [:]), in: reader)
                #expect((response.outcome == .executed(hasErrors: false)) == allows)
            }
            let request = Request(document: Array("{ __typename }".utf8))
            let reader = Reader(allowsIntrospection: allows)
            let response = await schema.execute(request, root: DynamicObject(fields: [:]), in: reader)
            #expect(response.outcome == .executed(hasErrors: false), "the name of a type is no introspection")
        }
    }

    @Test func `an engine without a transport asks the context, too`() async throws {
        let engine = try Engine(Shop.self)
        let reader = Reader(allowsIntrospection: false)
        let request = Request(document: Array("{ __schema { types { name } } }".utf8))
        #expect(await engine.execute(request, in: reader).outcome == .invalidRequest)
        #expect(await engine.execute(request, in: Reader()).outcome == .executed(hasErrors: false))
        guard case .refused(let answer) = await engine.subscribe(request, in: reader) else {
            Issue.record("the subscription began")
            return
        }
        #expect(String(decoding: answer.bytes, as: UTF8.self).contains("introspection"))
    }

    @Test(arguments: [
        (String(repeating: "{a", count: 300) + String(repeating: "}", count: 300), "QUERY_TOO_DEEP"),
        ("{ " + String(repeating: "a ", count: 15_001) + "}", "QUERY_TOO_LARGE"),
        ("{ a } #" + String(repeating: "x", count: 65_536), "QUERY_TOO_LARGE"),
    ])
    func `texts beyond the limits of the parser have the code of what is too large`(
        document: String,
        code: String
    ) async throws {
        let schema = DynamicSchema(try Schema(unchecked: "type Query { a: Int }"))
        let response = await schema.execute(
            Request(document: Array(document.utf8)),
            root: DynamicObject(fields: [:])
        )
        #expect(String(decoding: response.bytes, as: UTF8.self).contains(#""code":"\#(code)""#))
        #expect(response.outcome == .syntaxError)
    }
}

/// A context that says what its requests see.
private final class Reader: ExecutionContext, @unchecked Sendable {
    private let seen: String?
    private let introspects: Bool

    init(visibility: String? = nil, allowsIntrospection: Bool = true) {
        seen = visibility
        introspects = allowsIntrospection
        super.init(LoadingContext())
    }

    override var visibility: String? { seen }
    override var allowsIntrospection: Bool { introspects }
}
