import Testing

@Suite struct DiffCommandTests {
    private let tool: Tool

    init() throws {
        tool = try Tool([
            "old.graphql": "type Query { a: Int b: Int } enum E { A }",
            "new.graphql": "type Query { a: Int! c: Int } enum E { A B }",
            "safe.graphql": "type Query { a: Int b: Int c: Int } enum E { A }",
            "approved": "# Approvals.\nFIELD_REMOVED Query.b # nobody selects it since 2026-01-01\n",
            "stale": "FIELD_REMOVED Query.b # gone\nFIELD_REMOVED Query.x # gone long ago\n",
            "broken": "FIELD_REMOVED Query.b\nNONSENSE Query.b # why\nFIELD_REMOVED # why\n",
        ])
    }

    @Test func `a breaking change fails`() throws {
        let result = try tool.run("diff", "old.graphql", "new.graphql")
        #expect(
            result
                == .init(
                    exitCode: 1,
                    output: """
                        Breaking:
                          FIELD_REMOVED Query.b: Query.b was removed.
                        Dangerous:
                          VALUE_ADDED_TO_ENUM E.B: B was added to enum type E.
                        Safe:
                          FIELD_CHANGED_KIND_SAFE Query.a: Query.a changed type from Int to Int!.
                          FIELD_ADDED Query.c: Query.c was added.

                        """,
                    errors: "1 breaking change is not approved\n"
                )
        )
    }

    @Test func `other changes do not fail`() throws {
        #expect(try tool.run("diff", "old.graphql", "safe.graphql").exitCode == 0)
        #expect(
            try tool.run("diff", "old.graphql", "old.graphql")
                == .init(exitCode: 0, output: "No changes.\n", errors: "")
        )
    }

    @Test func `an approved change does not fail`() throws {
        let result = try tool.run("diff", "--approvals", "approved", "old.graphql", "new.graphql")
        #expect(result.exitCode == 0 && result.errors.isEmpty)
        #expect(result.output.contains("Query.b was removed. (approved)"))
    }

    @Test func `approvals that nothing needs are named`() throws {
        let result = try tool.run("diff", "--approvals", "stale", "old.graphql", "new.graphql")
        #expect(result.exitCode == 0)
        #expect(result.errors == "stale:2:1: warning: FIELD_REMOVED Query.x is not needed any more\n")
    }

    @Test func `approvals need a known name, a coordinate and a reason`() throws {
        let result = try tool.run("diff", "--approvals", "broken", "old.graphql", "new.graphql")
        #expect(result.exitCode == 1 && result.output.isEmpty)
        #expect(
            result.errors == """
                broken:1:1: error: an exception needs its reason, behind #
                broken:2:1: error: unknown name: NONSENSE
                broken:3:1: error: expected a name and a schema coordinate, with the reason behind #

                """
        )
    }
}
