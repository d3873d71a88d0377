import Testing

@testable import GraphQLSchema

@Suite struct FieldRulesTests {
    @Test func `objects and interfaces have fields`() throws {
        #expect(
            try problems(with: "type A\nextend type A @deprecated\ninterface B") == [
                "2:1 3:1 Type A must define one or more fields.", "4:1 Type B must define one or more fields.",
            ]
        )
    }

    @Test func `fields are of output types and arguments of input types`() throws {
        #expect(
            try problems(with: "type A { a(x: [A], y: In): [In!]! b: E } input In { a: Int } enum E { V }") == [
                "2:28 The type of A.a must be Output Type but got: [In!]!.",
                "2:15 The type of A.a(x:) must be Input Type but got: [A].",
            ]
        )
    }

    @Test func `required arguments cannot be deprecated`() throws {
        #expect(
            try problems(with: "type A { a(x: Int! @deprecated, y: Int! = 1 @deprecated, z: Int @deprecated): Int }")
                == ["2:20 2:15 Required argument A.a(x:) cannot be deprecated."]
        )
    }
}
