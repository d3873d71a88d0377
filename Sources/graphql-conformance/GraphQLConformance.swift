import GraphQLSchema

/// Answers conformance cases: reads one JSON object a line from standard input and writes `{"id", "result"}` for each.
/// Kinds that nobody answers yet are reported as unsupported.
@main struct GraphQLConformance {
    /// Cases come from a file, not from a client.
    private static let limits = JSONLimits(depth: 2_000, bytes: 256 << 20, values: 10_000_000)

    static func main() async {
        while let line = readLine() {
            guard let input = try? Value(json: line, limits: limits), let id = input["id"] else { continue }
            let answer = Value.object([.init("id", id), .init("result", await result(of: input))])
            print(answer.json)
        }
    }

    private static func result(of input: Value) async -> Value {
        let result: Value? =
            switch input.text("kind") {
            case "lex": LanguageCases.lex(input)
            case "parse": LanguageCases.parse(input)
            case "print": LanguageCases.print(input)
            case "strip": LanguageCases.strip(input)
            case "separate": LanguageCases.separate(input)
            case "validate": ValidationCases.validate(input)
            case "coerce": CoerceCases.coerce(input)
            case "execute", "introspect": await ExecuteCases.execute(input)
            case "incremental": await ExecuteCases.incremental(input)
            case "subscribe": await ExecuteCases.subscribe(input)
            case "validateSDL": SchemaCases.validateSDL(input)
            case "printSchema": SchemaCases.printSchema(input)
            case "clientSchema": SchemaCases.clientSchema(input)
            case "diffSchema": SchemaCases.diffSchema(input)
            case "validateSchema": SchemaCases.validateSchema(input)
            default: nil
            }
        return result ?? .object([.init("unsupported", .boolean(true))])
    }
}

extension Value {
    /// A member that is a string; empty where there is none.
    func text(_ name: String) -> String {
        if case .string(let text) = self[name] { text } else { "" }
    }
}
