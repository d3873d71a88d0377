import Testing

@testable import GraphQLSchema

@Suite struct SchemaChangesTests {
    /// One line for each change: `SEVERITY KIND coordinate: description`.
    private func changes(from old: String, to new: String) throws -> [String] {
        try Schema(unchecked: new).changes(since: Schema(unchecked: old)).map {
            "\($0.severity) \($0.kind.rawValue) \($0.coordinate): \($0.description)"
        }
    }

    @Test func `a schema has not changed since itself`() throws {
        let sdl = "type Query { a(x: In = {b: 1, a: 2}): Int } input In { a: Int b: Int } directive @d(x: Int) on FIELD"
        #expect(try changes(from: sdl, to: sdl) == [])
        let reordered =
            "type Query { a(x: In = {a: 2, b: 1}): Int } input In { a: Int b: Int } directive @d(x: Int) on FIELD"
        #expect(try changes(from: sdl, to: reordered) == [])
    }

    @Test func `types come, go and change`() throws {
        #expect(
            try changes(from: "scalar A type B { a: Float }", to: "input A { b: Int } type C { a: ID }") == [
                "breaking TYPE_REMOVED B: B was removed.",
                "breaking TYPE_REMOVED Float: Standard scalar Float was removed because it is not referenced anymore.",
                "breaking TYPE_CHANGED_KIND A: A changed from a Scalar type to an Input type.",
                "safe TYPE_ADDED C: C was added.",
            ]
        )
    }

    @Test func `fields answer more exactly or break`() throws {
        #expect(
            try changes(
                from: "type T { gone: Int a: Int b: Int! c: [Int] d: Int }",
                to: "type T { a: Int! b: Int c: [Int!]! d: [Int] new: Int }"
            ) == [
                "breaking FIELD_REMOVED T.gone: T.gone was removed.",
                "safe FIELD_CHANGED_KIND_SAFE T.a: T.a changed type from Int to Int!.",
                "breaking FIELD_CHANGED_KIND T.b: T.b changed type from Int! to Int.",
                "safe FIELD_CHANGED_KIND_SAFE T.c: T.c changed type from [Int] to [Int!]!.",
                "breaking FIELD_CHANGED_KIND T.d: T.d changed type from Int to [Int].",
                "safe FIELD_ADDED T.new: T.new was added.",
            ]
        )
    }

    @Test func `arguments ask for less or break`() throws {
        #expect(
            try changes(
                from: "type T { f(gone: Int, a: Int!, b: Int, c: [Int!] = [1], d: Int = 1): T }",
                to: "type T { f(a: Int, b: Int! = 2, c: [Int] = [2], d: Int, need: Int!, may: Int! = 1): T }"
            ) == [
                "breaking ARG_REMOVED T.f(gone:): T.f arg gone was removed.",
                "safe ARG_CHANGED_KIND_SAFE T.f(a:): T.f arg a has changed type from Int! to Int.",
                "breaking ARG_CHANGED_KIND T.f(b:): T.f arg b has changed type from Int to Int!.",
                "safe ARG_CHANGED_KIND_SAFE T.f(c:): T.f arg c has changed type from [Int!] to [Int].",
                "dangerous ARG_DEFAULT_VALUE_CHANGE T.f(c:): T.f arg c has changed defaultValue from [1] to [2].",
                "dangerous ARG_DEFAULT_VALUE_CHANGE T.f(d:): T.f arg d defaultValue was removed.",
                "breaking REQUIRED_ARG_ADDED T.f(need:): A required arg need on T.f was added.",
                "dangerous OPTIONAL_ARG_ADDED T.f(may:): An optional arg may on T.f was added.",
            ]
        )
    }

    @Test func `input objects, enums, unions and interfaces`() throws {
        #expect(
            try changes(
                from: """
                    input In { gone: Int a: Int b: Int = 1 } enum E { A B } union U = T | V
                    type T implements I { a: Int } type V { a: Int } interface I { a: Int } interface J { a: Int }
                    """,
                to: """
                    input In @oneOf { a: Int! b: Int = 2 need: Int! may: Int } enum E { A C } union U = V | W
                    type T implements J { a: Int } type V { a: Int } type W { a: Int } interface I { a: Int }
                    interface J { a: Int }
                    """
            ) == [
                "breaking REQUIRED_INPUT_FIELD_ADDED In.need: A required field need on input type In was added.",
                "dangerous OPTIONAL_INPUT_FIELD_ADDED In.may: An optional field may on input type In was added.",
                "breaking FIELD_REMOVED In.gone: In.gone was removed.",
                "breaking FIELD_CHANGED_KIND In.a: In.a changed type from Int to Int!.",
                "dangerous INPUT_FIELD_DEFAULT_VALUE_CHANGE In.b: In.b has changed defaultValue from 1 to 2.",
                "breaking ONE_OF_ADDED In: In takes exactly one of its fields now.",
                "dangerous VALUE_ADDED_TO_ENUM E.C: C was added to enum type E.",
                "breaking VALUE_REMOVED_FROM_ENUM E.B: B was removed from enum type E.",
                "dangerous TYPE_ADDED_TO_UNION U: W was added to union type U.",
                "breaking TYPE_REMOVED_FROM_UNION U: T was removed from union type U.",
                "dangerous IMPLEMENTED_INTERFACE_ADDED T: J added to interfaces implemented by T.",
                "breaking IMPLEMENTED_INTERFACE_REMOVED T: T no longer implements interface I.",
                "safe TYPE_ADDED W: W was added.",
            ]
        )
    }

    @Test func `directives`() throws {
        #expect(
            try changes(
                from: "directive @gone on FIELD directive @d(a: Int, b: Int = 1) repeatable on FIELD | QUERY",
                to: "directive @d(b: Int! = 2, c: Int!, e: Int) on FIELD | OBJECT directive @new on FIELD"
            ).filter { !$0.contains("Standard") } == [
                "breaking DIRECTIVE_REMOVED @gone: gone was removed.",
                "breaking REQUIRED_DIRECTIVE_ARG_ADDED @d(c:): A required arg c on directive d was added.",
                "safe OPTIONAL_DIRECTIVE_ARG_ADDED @d(e:): An optional arg e on directive d was added.",
                "breaking DIRECTIVE_ARG_REMOVED @d(a:): a was removed from d.",
                "breaking DIRECTIVE_ARG_CHANGED_KIND @d(b:): @d arg b has changed type from Int to Int!.",
                "breaking DIRECTIVE_REPEATABLE_REMOVED @d: Repeatable flag was removed from d.",
                "breaking DIRECTIVE_LOCATION_REMOVED @d: QUERY was removed from d.",
                "safe DIRECTIVE_LOCATION_ADDED @d: OBJECT was added to d.",
                "safe DIRECTIVE_ADDED @new: new was added.",
            ]
        )
    }

    @Test func `what clients read and where operations begin`() throws {
        #expect(
            try changes(
                from: "schema { query: A subscription: A } type A { a: Int @deprecated b: Int c: Int } scalar S",
                to: """
                    schema { query: B mutation: A } "now" type A { a: Int b: Int @deprecated "c" c: Int }
                    type B { a: Int } scalar S @specifiedBy(url: "u")
                    """
            ) == [
                "safe DEPRECATION_CHANGED A.a: A.a is no longer deprecated.",
                "safe DEPRECATION_CHANGED A.b: A.b was deprecated.",
                "safe DESCRIPTION_CHANGED A.c: A.c has changed its description.",
                "safe DESCRIPTION_CHANGED A: A has changed its description.",
                "dangerous SPECIFIED_BY_CHANGED S: S has changed where it is specified.",
                "safe TYPE_ADDED B: B was added.",
                "breaking ROOT_TYPE_CHANGED A: The query root type changed from A to B.",
                "safe ROOT_TYPE_ADDED A: The mutation root type A was added.",
                "breaking ROOT_TYPE_CHANGED A: The subscription root type was removed.",
            ]
        )
    }
}
