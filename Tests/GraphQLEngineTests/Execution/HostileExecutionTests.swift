import GraphQLEngine
import GraphQLSchema
import Testing

/// Documents that the parser lets through, made to cost as much as they can behind it. Without optimisation a few seconds are
/// generous; what is worse than linear takes minutes.
@Suite(.serialized) struct HostileExecutionTests {
    /// An interface of sixty types with ten fields each.
    private static let sdl: String = {
        let fields = (0..<8).map { "f\($0): Int" }.joined(separator: " ") + " node: Node nodes: [Node!]"
        let types = (0..<60).map { "type T\($0) implements Node { \(fields) }" }.joined(separator: "\n")
        return "type Query { node: Node nodes: [Node!] name: String }\ninterface Node { \(fields) }\n\(types)"
    }()

    private func answer(
        _ document: String,
        incremental: Bool = false,
        variables: Value = .null,
        _ change: (inout EngineOptions) -> Void = { _ in }
    ) async throws -> String {
        var options = EngineOptions()
        change(&options)
        let schema = try DynamicSchema(sdl: Self.sdl, options: options)
        let leaf = DynamicObject(typeName: .name("T7"), fields: ["f0": .leaf(.int(1))])
        let root = DynamicObject(fields: [
            "node": .object(DynamicObject(typeName: .name("T3"), fields: ["node": .object(leaf)])),
            "nodes": .list((0..<100).map { .object(DynamicObject(typeName: .name("T\($0 % 60)"), fields: [:])) }),
        ])
        let request = Request(document: Array(document.utf8), variables: variables)
        let start = ContinuousClock.now
        var text = ""
        if incremental {
            try await schema.execute(request, root: root, as: .current) {
                text += String(decoding: $0.bytes, as: UTF8.self)
            }
        } else {
            text = String(decoding: await schema.execute(request, root: root).bytes, as: UTF8.self)
        }
        #expect(ContinuousClock.now - start < .seconds(8), "\(ContinuousClock.now - start) for \(document.prefix(80))")
        return text
    }

    private func nested(_ depth: Int, _ level: (String) -> String) -> String {
        (0..<depth).reduce("f0") { inner, _ in level(inner) }
    }

    @Test func `every type of an interface selected at every level`() async throws {
        let types = (0..<60).map { "... on T\($0) { f0 f1 }" }.joined(separator: " ")
        let document = "{ node { \(nested(12) { "\(types) node { \($0) }" }) } }"
        #expect(try await answer(document) { $0.limits.points = 1e12 }.contains("data"))
    }

    @Test func `fields of every type that go on below`() async throws {
        let document =
            "{ nodes { \(nested(3) { inner in (0..<15).map { "... on T\($0) { node { \(inner) } }" }.joined(separator: " ") }) } }"
        _ = try await answer(document) { $0.limits = .none }
    }

    @Test func `fragments that all apply and merge at every level`() async throws {
        let levels = (0..<12).map { level in
            "fragment F\(level) on Node { node { ...F\(level + 1) } node { f1 ...F\(level + 1) } ... on Node { node { ...F\(level + 1) } } }"
        }
        let document = "{ node { ...F0 } } \(levels.joined(separator: " ")) fragment F12 on Node { f0 }"
        #expect(try await answer(document).contains("QUERY_TOO_LARGE"))
        #expect(try await answer(document) { $0.limits = .none }.contains(#""data":"#))
    }

    @Test func `deferred fragments in each other, for every type of a list`() async throws {
        let document = "{ nodes { \(nested(8) { "... @defer { f1 node { \($0) } }" }) } }"
        let text = try await answer(document, incremental: true) { $0.limits.points = 1e12 }
        #expect(text.contains("data") || text.contains("QUERY_TOO_LARGE"))
    }

    @Test func `a stream of every list in a list`() async throws {
        let document = "{ nodes @stream { \(nested(6) { "f1 nodes @stream(initialCount: 1) { \($0) }" }) } }"
        #expect(try await answer(document, incremental: true) { $0.limits = .none }.contains(#""hasNext":false"#))
    }

    @Test func `thousands of arguments, variables and directives`() async throws {
        let variables = (0..<700).map { "$v\($0): Boolean!" }.joined(separator: " ")
        let fields = (0..<700).map { "name @include(if: $v\($0))" }.joined(separator: " ")
        let values = Value.object((0..<700).map { Value.Field("v\($0)", .boolean($0 % 2 == 0)) })
        let document = "query (\(variables)) { \(fields) }"
        #expect(try await answer(document, variables: values).contains("QUERY_TOO_COMPLEX"))
        #expect(try await answer(document, variables: values) { $0.limits = .none }.contains(#""data":"#))
    }
}
