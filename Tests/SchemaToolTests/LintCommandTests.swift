import Testing

@Suite struct LintCommandTests {
    /// What one rule finds in a schema that has what most schemas have.
    private func findings(_ rule: String, _ sdl: String) throws -> [String] {
        let directives = """
            directive @auth on FIELD_DEFINITION directive @public on FIELD_DEFINITION directive @audit on FIELD_DEFINITION
            directive @listSize(assumedSize: Int) on FIELD_DEFINITION interface Node { id: ID! } interface UserError { path: Int }

            """
        let tool = try Tool(["s": directives + sdl])
        let result = try tool.run("lint", "--only", rule, "s")
        #expect(result.errors.isEmpty)
        #expect((result.exitCode == 0) == result.output.isEmpty)
        let suffix = " [\(rule)]"
        return result.output.split(separator: "\n").map { line in
            #expect(line.hasSuffix(suffix))
            return String(line.dropLast(suffix.count)).replacing("s:3:", with: "").replacing("error: ", with: "")
        }
    }

    @Test func `name-case`() throws {
        #expect(
            try findings(
                "name-case",
                "type Query { snake_case(Arg: Int): Int ok(okToo: Int): E } enum E { OK_2 bad Bad }"
            )
                == [
                    "14: Query.snake_case is not camelCase", "25: Query.snake_case(Arg:) is not camelCase",
                    "74: E.bad is not SCREAMING_SNAKE_CASE", "78: E.Bad is not SCREAMING_SNAKE_CASE",
                ]
        )
        #expect(
            try findings("name-case", "type Query { a: snake } type snake { a: Int } directive @Bad(Bad: Int) on FIELD")
                == ["30: snake is not PascalCase", "58: @Bad is not camelCase", "62: @Bad(Bad:) is not camelCase"]
        )
    }

    @Test func `domain-words`() throws {
        #expect(
            try findings(
                "domain-words",
                "type Query { getUser: Int listUsers: Int fetchAll: Int getaway: Int list: Row } type Row { a: UserRow } type UserRow { a: Int }"
            ) == [
                "14: Query.getUser says how it is answered: leave \"get\" out",
                "27: Query.listUsers says how it is answered: leave \"list\" out",
                "42: Query.fetchAll says how it is answered: leave \"fetch\" out",
                "110: UserRow names how it is stored, not what it is",
            ]
        )
    }

    @Test func `noun-first-mutations`() throws {
        #expect(
            try findings(
                "noun-first-mutations",
                "type Query { createTeam: Int } type Mutation { createTeam: Int teamCreate: Int orderCancel: Int ping: Int }"
            ) == ["48: Mutation.createTeam begins with a verb: put the noun first"]
        )
    }

    @Test func `plural-lists`() throws {
        #expect(
            try findings(
                "plural-lists",
                "type Query { user: [Int] users: [Int] children: [Int] byDay: [Int] one: Int }"
            ) == [
                "14: Query.user is a list and has no plural name"
            ]
        )
    }

    @Test func `objects-not-ids`() throws {
        #expect(
            try findings(
                "objects-not-ids",
                """
                type Query { id: ID userId: ID userIds: [ID!]! a(user: ID, userId: ID, users: [ID], userIds: [ID]): Int } \
                type NotFound implements UserError { path: Int resourceId: ID } type UserDeleted { userId: ID }
                """
            ) == [
                "21: Query.userId answers an id in place of an object",
                "32: Query.userIds answers ids in place of objects",
                "50: Query.a(user:) takes an id: its name ends in Id",
                "72: Query.a(users:) takes ids: its name ends in Ids",
            ]
        )
    }

    @Test func `type-suffixes`() throws {
        #expect(
            try findings(
                "type-suffixes",
                """
                type Query { a(x: Bad, y: UserFilter): Int } input Bad { a: Int } input UserFilter { a: Int } \
                type Mutation { a: Result b: BPayload c: Int } type Result { edges: Int pageInfo: Int } \
                type BPayload { cursor: Int node: Int } type CConnection { edges: Int }
                """
            ) == [
                "52: Bad is an input object: its name ends in Input, Filter or Order",
                "111: Mutation.a answers Result: the name of a payload ends in Payload",
                "147: Result has edges and pageInfo: its name ends in Connection",
                "188: BPayload has cursor and node: its name ends in Edge",
                "228: CConnection is no connection without edges and pageInfo",
            ]
        )
    }

    @Test func `identified-objects-are-nodes`() throws {
        #expect(
            try findings(
                "identified-objects-are-nodes",
                "type Query { id: ID } type A { id: ID! } type B implements Node { id: ID! }"
            ) == ["28: A has an id and does not implement Node"]
        )
    }

    @Test func `refusals-cost-one-field`() throws {
        #expect(
            try findings(
                "refusals-cost-one-field",
                """
                type Query { a: Int! b: Int! @public c: [Int]! @auth d: T } type T { a: Int! b: Int! @auth c: Int @auth } \
                type Subscription { a: Int! @auth }
                """
            ) == [
                "14: Query.a can be refused (it is not @public) and is not nullable",
                "38: Query.c can be refused (it is not @public) and is not nullable",
                "78: T.b can be refused (@auth) and is not nullable",
            ]
        )
    }

    @Test func `nullable-payloads and audited-mutations`() throws {
        let sdl =
            "type Query { a: Int! } type Mutation { a: APayload! b: APayload @audit ping: Int! } type APayload { a: Int }"
        #expect(try findings("nullable-payloads", sdl) == ["40: Mutation.a is not nullable"])
        #expect(try findings("audited-mutations", sdl) == ["40: Mutation.a has no @audit"])
    }

    @Test func `bounded-lists`() throws {
        #expect(
            try findings(
                "bounded-lists",
                """
                type Query { a: [Query] b: [Int] c: [Query] @listSize(assumedSize: 3) } \
                type AConnection { nodes: [Query] } type APayload { userErrors: [UserError!]! }
                """
            ) == ["14: Query.a is a list of any length: add @listSize(assumedSize:) or a connection"]
        )
    }

    @Test func `deprecation-reasons`() throws {
        #expect(
            try findings(
                "deprecation-reasons",
                """
                type Query { a: Int @deprecated b: Int @deprecated(reason: "Use `a`; removal not before 2027-01-31.") \
                c(x: Int @deprecated(reason: "Use y. Removal not before soon.")): Int \
                "Experimental: may go." d: Int @deprecated }
                """
            ) == [
                "14: Query.a is deprecated without a word on its replacement",
                "14: Query.a is deprecated without \"removal not before YYYY-MM-DD\"",
                "105: Query.c(x:) is deprecated without \"removal not before YYYY-MM-DD\"",
            ]
        )
    }

    @Test func descriptions() throws {
        let tool = try Tool(["s": "\"q\" type Query { \"a\" a(x: Int): E \"\" b: Int } enum E { A }"])
        let result = try tool.run("lint", "--only", "descriptions", "s")
        #expect(
            result.output.split(separator: "\n").map { $0.replacing(" [descriptions]", with: "") } == [
                "s:1:24: error: Query.a(x:) has no description", "s:1:38: error: Query.b has no description",
                "s:1:52: error: E has no description", "s:1:56: error: E.A has no description",
            ]
        )
    }

    @Test func `rules are chosen, excepted and listed`() throws {
        let tool = try Tool([
            "s": "type Query { user_list: [Int] user: [Int] }",
            "exceptions": "plural-lists Query.user # bounded\nname-case Query.gone # once\n",
        ])
        let some = try tool.run("lint", "--except", "descriptions", "--exceptions", "exceptions", "s")
        #expect(
            some.output
                == "s:1:14: error: Query.user_list is not camelCase [name-case]\ns:1:14: error: Query.user_list is a list and has no plural name [plural-lists]\n"
        )
        #expect(some.exitCode == 1 && some.errors.isEmpty)
        let all = try tool.run("lint", "--exceptions", "exceptions", "s")
        #expect(all.errors == "exceptions:2:1: warning: name-case Query.gone is not needed any more\n")
        let rules = try tool.run("lint", "--rules")
        #expect(rules.exitCode == 0 && rules.output.split(separator: "\n").count == 26)
    }

    @Test func `a wrong schema is not linted`() throws {
        let result = try Tool(["s": "type Query { a: Nope }"]).run("lint", "s")
        #expect(result == .init(exitCode: 1, output: "", errors: "s:1:17: error: Unknown type \"Nope\".\n"))
    }
}
