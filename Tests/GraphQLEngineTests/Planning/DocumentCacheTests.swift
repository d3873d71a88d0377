import GraphQLLanguage
import GraphQLSchema
import Testing

@testable import GraphQLEngine

/// What is kept of documents is bounded by what it weighs, whatever the documents are.
@Suite struct DocumentCacheTests {
    private let sdl = """
        type Query { name: String node: Node other: Query }
        interface Node { id: ID node: Node }
        type A implements Node { id: ID node: Node }
        type B implements Node { id: ID node: Node }
        """

    private func schema(bytes: Int) throws -> DynamicSchema {
        var options = EngineOptions()
        options.documentCacheBytes = bytes
        return DynamicSchema(try Schema(unchecked: sdl), options: options)
    }

    private func answer(
        _ schema: DynamicSchema,
        _ document: String,
        operation: String? = nil,
        variables: Value = .null
    ) async -> String {
        let request = Request(document: Array(document.utf8), operationName: operation, variables: variables)
        let root = DynamicObject(fields: ["name": .leaf(.string("x"))])
        return String(decoding: await schema.execute(request, root: root).bytes, as: UTF8.self)
    }

    @Test func `the least recently used documents leave first, and are counted`() async throws {
        let one = try schema(bytes: 1 << 20)
        _ = await answer(one, "{ name }")
        let weight = one.engine.documentCounts.bytes
        let schema = try schema(bytes: weight * 2 + weight / 2)
        for document in ["{ name }", "{ Name: name }", "{ name }", "{ NAME: name }", "{ name }", "{ Name: name }"] {
            #expect(await answer(schema, document).hasSuffix(#"name":"x"}}"#) || document.contains(":"))
        }
        let counts = schema.engine.documentCounts
        // Found are the second and third `name`; `Name` had to go for `NAME`, and comes again.
        #expect((counts.hits, counts.misses, counts.documents) == (2, 4, 2))
        #expect(counts.evictions == 2 && counts.bytes <= weight * 2 + weight / 2)
    }

    @Test func `answers to introspection that plans keep are weighed`() async throws {
        let schema = try schema(bytes: 1 << 20)
        let all = "__schema { types { name fields { name type { name } args { name } } } }"
        let aliases = (0..<20).map { "a\($0): \(all)" }.joined(separator: " ")
        var length = 0
        for number in 0..<40 { length = await answer(schema, "{ \(aliases) } #\(number)").utf8.count }
        let counts = schema.engine.documentCounts
        #expect(length > 50_000)
        #expect(counts.documents * length <= 1 << 20, "\(counts.documents) documents keep \(length) bytes each")
        #expect(counts.bytes <= 1 << 20 && counts.evictions > 0)
    }

    @Test func `plans for all values of many conditions are weighed`() async throws {
        let schema = try schema(bytes: 1 << 20)
        let variables = (0..<8).map { "$v\($0): Boolean!" }.joined(separator: " ")
        let fields = (0..<8).map { "f\($0): node @include(if: $v\($0)) { node { node { node { id } } } }" }
        let document = "query (\(variables)) { \(fields.joined(separator: " ")) }"
        var most = 0
        for number in 0..<256 {
            let values = (0..<8).map { Value.Field("v\($0)", .boolean(number >> $0 & 1 == 1)) }
            #expect(await !answer(schema, document, variables: .object(values)).contains("errors"))
            most = max(most, schema.engine.documentCounts.bytes)
        }
        #expect(most > 50_000 && most <= 1 << 20)
    }

    @Test func `a document that outgrows the cache leaves alone`() async throws {
        let schema = try schema(bytes: 20_000)
        _ = await answer(schema, "{ name }")
        _ = await answer(schema, "{ a: __schema { types { name fields { name type { name } args { name } } } } }")
        #expect(await answer(schema, "{ name }") == #"{"data":{"name":"x"}}"#)
        #expect(schema.engine.documentCounts.hits == 1)
    }

    @Test func `a thousand operations that share all they select cost what one does`() async throws {
        var options = EngineOptions()
        options.limits.points = 1e9
        options.limits.nodes = 1e9
        let schema = DynamicSchema(try Schema(unchecked: sdl), options: options)
        let deep = (0..<400).map { _ in "other { other { other { name } node { id } } }" }.joined(separator: " ")
        let operations = (0..<1_000).map { "query Q\($0) { ...F }" }.joined(separator: " ")
        let document = "\(operations) fragment F on Query { other { \(deep) } }"
        let start = ContinuousClock.now
        let json = await answer(schema, document, operation: "Q7")
        #expect(json.prefix(100) == #"{"data":{"other":null}}"#)
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(schema.engine.documentCounts.bytes < 1 << 20, "\(schema.engine.documentCounts.bytes)")
    }
}
