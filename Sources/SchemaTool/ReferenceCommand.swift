import GraphQLSchema

enum ReferenceCommand {
    static let usage = "reference SCHEMA"

    static func run(_ words: [String]) throws(Failure) -> Outcome {
        let arguments = try Arguments(words, files: 1...1, usage: usage)
        Output.line(SchemaReference(try TextFile(arguments.files[0]).schema()).text)
        return .fine
    }
}
