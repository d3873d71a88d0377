import GraphQLSchema

enum PrintCommand {
    static let usage = "print [--sorted] [--directives] SCHEMA"

    static func run(_ words: [String]) throws(Failure) -> Outcome {
        let arguments = try Arguments(words, flags: ["--sorted", "--directives"], files: 1...1, usage: usage)
        let schema = try TextFile(arguments.files[0]).schema()
        let options = SchemaPrintOptions(
            sorts: arguments.has("--sorted"),
            showsDirectives: arguments.has("--directives")
        )
        Output.line(schema.printed(options))
        return .fine
    }
}
