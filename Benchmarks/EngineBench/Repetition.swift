import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema

/// Runs one case a number of times and nothing else: what two numbers differ by is what the case itself takes.
struct Repetition {
    struct UnknownCase: Error {}

    private let engine: Engine
    private let validator: DocumentValidator

    init(_ engine: Engine) throws {
        self.engine = engine
        validator = DocumentValidator(try Schema(unchecked: Library.sdl.description))
    }

    func run(_ name: String, _ count: Int) async throws {
        switch name {
        case "lex":
            for number in 0..<count {
                var lexer = try Lexer(EngineBench.document(number: number))
                while try lexer.next().kind != .endOfFile {}
            }
        case "lex and parse":
            for number in 0..<count { _ = try Document(parsing: Array(EngineBench.document(number: number).utf8)) }
        case "validate":
            let document = try Document(parsing: Array(EngineBench.document(number: 0).utf8))
            for _ in 0..<count {
                guard validator.validate(document).isEmpty else { throw UnknownCase() }
            }
        case "plan": await plan(count)
        case "prepare a new document": await execute(count) { EngineBench.document(number: $0) }
        case "hello": await execute(count) { _ in "{ hello }" }
        case "list of 1,000 x 10": await execute(count) { _ in "{ list { \(EngineBench.fields) } }" }
        case "introspection": await execute(count) { _ in EngineBench.introspection }
        default: throw UnknownCase()
        }
    }

    /// One document with more combinations of its conditions than plans are kept for it, so that each is planned anew.
    private func plan(_ count: Int) async {
        let context = ExecutionContext()
        let names = ["a", "b", "c", "d", "e"]
        let variables = names.map { "$\($0): Boolean!" }.joined(separator: " ")
        let fields = names.map { "\($0): list @include(if: $\($0)) @skip(if: $\($0)) { \(EngineBench.fields) }" }
        let text = Array("query (\(variables)) { hello \(fields.joined(separator: " ")) }".utf8)
        for number in 0..<count {
            var values: [Value.Field] = []
            for (bit, name) in names.enumerated() { values.append(.init(name, .boolean(number >> bit & 1 == 1))) }
            _ = await engine.execute(Request(document: text, variables: .object(values)), in: context)
        }
    }

    private func execute(_ count: Int, _ text: (Int) -> String) async {
        let context = ExecutionContext()
        for number in 0..<count {
            _ = await engine.execute(Request(document: Array(text(number).utf8)), in: context)
        }
    }
}
