import Testing

@testable import GraphQLSchema

@Suite struct ImplementationRulesTests {
    @Test func `a type may be more exact than its interface`() throws {
        let sdl = """
            interface I { a(x: Int): I b: [U] c: Int d: I }
            type T implements I & J { a(x: Int, y: Int, z: Int! = 1): T! b: [T!]! c: Int! d: T }
            interface J implements I { a(x: Int): T b: [U] c: Int d: T }
            union U = T
            """
        #expect(try problems(with: sdl) == [])
    }

    @Test func `fields and arguments of interfaces are there, and of the type they ask for`() throws {
        let sdl = """
            interface I { a(x: Int, y: Int): Int! b: Int c: [Int] }
            type T implements I { a(x: Int!, z: Int!): Int c: Int }
            """
        #expect(
            try problems(with: sdl) == [
                "2:34 3:44 Interface field I.a expects type Int! but T.a is type Int.",
                "2:20 3:28 Interface field argument I.a(x:) expects type Int but T.a(x:) is type Int!.",
                "2:25 3:23 Interface field argument I.a(y:) expected but T.a does not provide it.",
                "3:34 2:15 Object field T.a includes required argument z that is missing from the Interface field I.a.",
                "2:39 3:1 Interface field I.b expected but T does not provide it.",
                "2:49 3:51 Interface field I.c expects type [Int] but T.c is type Int.",
            ]
        )
    }

    @Test func `interfaces are interfaces, named once, and not the type itself`() throws {
        let sdl = """
            type T implements Query & I & I { a: Int }
            interface I implements I { a: Int }
            """
        #expect(
            try problems(with: sdl) == [
                "2:19 Type T must only implement Interface types, it cannot implement Query.",
                "2:27 2:31 Type T can only implement I once.",
                "3:24 Type I cannot implement itself because it would create a circular reference.",
            ]
        )
    }

    @Test func `interfaces of interfaces are implemented too, and not in circles`() throws {
        let sdl = """
            interface A { a: Int }
            interface B implements A { a: Int }
            type T implements B { a: Int }
            interface C implements D { a: Int }
            interface D implements C { a: Int }
            """
        #expect(
            try problems(with: sdl) == [
                "3:24 4:19 Type T must implement A because it is implemented by B.",
                "6:24 5:24 Type C cannot implement D because it would create a circular reference.",
                "5:24 6:24 Type D cannot implement C because it would create a circular reference.",
            ]
        )
    }

    @Test func `a field is deprecated only when it is in the interface too`() throws {
        let sdl = """
            interface I { a: Int @deprecated b: Int }
            type T implements I { a: Int @deprecated b: Int @deprecated }
            """
        #expect(
            try problems(with: sdl) == [
                "3:49 Interface field I.b is not deprecated, so implementation field T.b must not be deprecated."
            ]
        )
        #expect(try problems(with: sdl, .reference) == [])
    }

    @Test func `fields with many arguments are compared by name`() throws {
        let arguments = (0..<20).map { "x\($0): Int" }.joined(separator: ", ")
        let sdl = "interface I { a(\(arguments)): Int } type T implements I { a(\(arguments), x20: Int!): Int }"
        #expect(try problems(with: sdl).count == 1)
    }
}
