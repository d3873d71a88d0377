import Testing

@testable import GraphQLSchema

@Suite struct DefaultValueRulesTests {
    @Test func `defaults are of their type`() throws {
        let sdl = """
            input In { a: Int! = 1 list: [Int!] = 3 e: E = V deep: In2 = {x: [{deep: null}]} }
            input In2 { x: [In] id: ID = 3 }
            enum E { V }
            scalar Any
            type T { f(a: Any = {x: [1, "2", V]}, b: Float = 1, c: In = {a: 2, e: V}, d: [[Int]] = [[1], null]): Int }
            """
        #expect(try problems(with: sdl) == [])
    }

    @Test func `defaults that do not fit are found where they do not`() throws {
        let sdl = """
            input In { a: Int! = null b: String = 1 c: One = {x: 1, y: 2} d: One = {x: null} }
            input One @oneOf { x: Int y: Int }
            directive @d(x: [Int] = [1, 2.5, 3000000000]) on FIELD
            type T { f(x: In = {a: 1, z: 2}, y: Boolean = "true", z: In = 3, i: ID = 1.5): Int }
            """
        #expect(
            try problems(with: sdl) == [
                "4:29 @d(x:) has invalid default value: Int cannot represent non-integer value: 2.5",
                "4:34 @d(x:) has invalid default value: Int cannot represent non 32-bit signed integer value: "
                    + "3000000000",
                "2:22 In.a has invalid default value: Expected value of type \"Int!\", found null.",
                "2:39 In.b has invalid default value: String cannot represent a non string value: 1",
                "2:50 In.c has invalid default value: OneOf Input Object \"One\" must specify exactly one key.",
                "2:72 In.d has invalid default value: Field \"One.x\" must be non-null.",
                "5:27 T.f(x:) has invalid default value: Field \"z\" is not defined by type \"In\". "
                    + "Did you mean \"a\", \"b\", \"c\", or \"d\"?",
                "5:47 T.f(y:) has invalid default value: Boolean cannot represent a non boolean value: \"true\"",
                "5:63 T.f(z:) has invalid default value: Expected value of type \"In\", found 3.",
                "5:74 T.f(i:) has invalid default value: ID cannot represent a non-string and non-integer value: 1.5",
            ]
        )
        #expect(try problems(with: sdl, .reference) == [])
    }

    @Test func `no default needs itself`() throws {
        let sdl = """
            input A { b: B = {} x: A = null }
            input B { list: [A] = [{}] c: A = {b: {list: [], c: {b: null}}} }
            input C { c: C = {} }
            """
        #expect(
            try problems(with: sdl) == [
                "2:18 3:23 Invalid circular reference. The default value of Input Object field A.b references itself "
                    + "via the default values of: B.list.",
                "4:18 Invalid circular reference. The default value of Input Object field C.c references itself.",
            ]
        )
    }

    @Test func `defaults that double with each level are refused`() throws {
        let levels = (0..<40).map { "input I\($0) { a: I\($0 + 1) = {} b: I\($0 + 1) = {} }" }
        let sdl = levels.joined(separator: "\n") + "\ninput I40 { a: Int }"
        let found = try problems(with: sdl)
        #expect(found.first?.contains("I0.a has a default value that is larger than 10000 values") == true)
        #expect(found.contains { $0.contains("I39.a") } == false)
        // Printing does not expand them either.
        #expect(try Schema(unchecked: sdl).printed().utf8.count < 1_000_000)
    }
}
