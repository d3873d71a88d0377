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
        case "lex and parse":
            for number in 0..<count { _ = try Document(parsing: Array(EngineBench.document(number: number).utf8)) }
        case "validate":
            let document = try Document(parsing: Array(EngineBench.document(number: 0).utf8))
            for _ in 0..<count {
                guard validator.validate(document).isEmpty else { throw UnknownCase() }
            }
        case "prepare a new document": await execute(count) { EngineBench.document(number: $0) }
        case "hello": await execute(count) { _ in "{ hello }" }
        case "list of 1,000 x 10": await execute(count) { _ in "{ list { \(EngineBench.fields) } }" }
        case "introspection": await execute(count) { _ in EngineBench.introspection }
        default: throw UnknownCase()
        }
    }

    private func execute(_ count: Int, _ text: (Int) -> String) async {
        let context = ExecutionContext()
        for number in 0..<count {
            _ = await engine.execute(Request(document: Array(text(number).utf8)), in: context)
        }
    }
}
