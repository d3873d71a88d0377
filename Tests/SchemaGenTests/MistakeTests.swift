import Testing

/// What a developer's mistake looks like: the compiler refuses it, and names the schema coordinate.
@Suite struct MistakeTests {
    private static let schema = TextFile.read(TextFile.folder + "Program/schema.graphql") ?? []
    private static let program = String(
        decoding: TextFile.read(TextFile.folder + "Program/Program.swift.txt") ?? [],
        as: UTF8.self
    )

    @Test func `the program without a mistake compiles`() async throws {
        let compiled = try await CompiledProgram(schema: Self.schema, sources: ["Program.swift": Self.program])
        #expect(compiled.status == 0, "\(compiled.output)")
        #expect(compiled.output.isEmpty)
    }

    @Test(arguments: Mistake.all)
    func `a mistake fails the build with a message that names the field`(_ mistake: Mistake) async throws {
        let program = Self.program.replacing(mistake.replaces, with: mistake.with)
        try #require(program != Self.program)
        let compiled = try await CompiledProgram(schema: Self.schema, sources: ["Program.swift": program])
        #expect(compiled.status != 0)
        for message in mistake.messages {
            #expect(compiled.output.contains(message), "\(mistake): \(compiled.output)")
        }
    }
}

/// A change of the program that makes it wrong, and what the compiler says of it.
struct Mistake: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let replaces: String
    let with: String
    let messages: [String]

    static let all = [
        Mistake(
            testDescription: "a missing resolver",
            replaces: "func commentCount(",
            with: "func countOfComments(",
            messages: ["error: type 'PostRow' does not conform to protocol 'PostObject'", "// Post.commentCount"]
        ),
        Mistake(
            testDescription: "a wrong result type",
            replaces: "Results<Int32> {",
            with: "Results<Int> {",
            messages: [
                "error: type 'PostRow' does not conform to protocol 'PostObject'", "// Post.commentCount",
                "candidate has non-matching type",
            ]
        ),
        Mistake(
            testDescription: "a signature for a single object",
            replaces:
                "func author(of parents: Batch<PostRow>, in context: RequestContext) async throws -> Results<Author> {\n"
                + "        Results(parents.map { _ in Author(id: AuthorID(rawValue: \"a\"), name: \"an author\") })\n",
            with:
                "func author(of parent: PostRow, in context: RequestContext) async throws -> Author {\n"
                + "        Author(id: AuthorID(rawValue: \"a\"), name: parent.title)\n",
            messages: [
                "error: type 'PostRow' does not conform to protocol 'PostObject'", "// Post.author",
                "candidate has non-matching type",
            ]
        ),
        Mistake(
            testDescription: "a missing property",
            replaces: "var title: String\n",
            with: "var name: String\n    init(id: PostID, title: String) { (self.id, name) = (id, title) }\n",
            messages: ["error: type 'PostRow' does not conform to protocol 'PostObject'", "// Post.title"]
        ),
        Mistake(
            testDescription: "a property that may be null where the field may not",
            replaces: "var title: String\n",
            with: "var title: String?\n",
            messages: ["error: type 'PostRow' does not conform to protocol 'PostObject'", "// Post.title"]
        ),
        Mistake(
            testDescription: "a resolver without the field's arguments",
            replaces: "search(_ arguments: QuerySearchArguments, in",
            with: "search(in",
            messages: ["error: type 'Query' does not conform to protocol 'QueryObject'", "// Query.search(text:)"]
        ),
        Mistake(
            testDescription: "an id of another type",
            replaces: "PostRow(id: arguments.id,",
            with: "PostRow(id: AuthorID(rawValue: \"a\"),",
            messages: ["error: cannot convert value of type 'AuthorID'", "'PostID'"]
        ),
        Mistake(
            testDescription: "a member of a union that a switch forgets",
            replaces: "    case .author(let author): author.name\n",
            with: "",
            messages: ["error: switch must be exhaustive", "add missing case: '.author(_)'"]
        ),
    ]
}
