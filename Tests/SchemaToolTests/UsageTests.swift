import Testing

@Suite struct UsageTests {
    @Test(arguments: [
        [], ["nonsense"], ["print"], ["print", "a", "b"], ["print", "--nonsense", "a"], ["diff", "one"],
        ["check-documents", "schema"], ["lint", "--only"], ["lint", "--only", "nonsense", "schema"],
        ["diff", "--approvals", "a", "--approvals", "b", "old", "new"],
    ])
    func `wrong usage is answered with the usage`(arguments: [String]) throws {
        let tool = try Tool(["old": "type Query { a: Int }", "new": "type Query { a: Int }", "schema": "scalar A"])
        let result =
            switch arguments.count {
            case 0: try tool.run()
            case 1: try tool.run(arguments[0])
            case 2: try tool.run(arguments[0], arguments[1])
            case 3: try tool.run(arguments[0], arguments[1], arguments[2])
            case 4: try tool.run(arguments[0], arguments[1], arguments[2], arguments[3])
            default: try tool.run("diff", "--approvals", "a", "--approvals", "b", "old", "new")
            }
        #expect(result.exitCode == 2 && result.output.isEmpty && !result.errors.isEmpty)
    }

    @Test func `help is no mistake`() throws {
        let result = try Tool([:]).run("help")
        #expect(result.exitCode == 0 && result.errors.isEmpty)
        for command in ["print", "lint", "diff", "check-documents"] { #expect(result.output.contains(command)) }
    }

    @Test func `a file that is not there is named`() throws {
        let result = try Tool([:]).run("print", "missing.graphql")
        #expect(result.exitCode == 2 && result.errors == "atrium-schema: missing.graphql: No such file or directory\n")
    }
}
