import GraphQLLanguage
import Testing

@testable import GraphQLSchema

@Suite struct CheckedBuildingTests {
    private func problem(_ sdl: String) -> (stage: InvalidSchema.Stage, errors: [String])? {
        do throws(InvalidSchema) {
            _ = try Schema(sdl: sdl)
            return nil
        } catch { return (error.stage, error.errors.map(\.asLine)) }
    }

    @Test func `a sound schema is built`() throws {
        let schema = try Schema(sdl: "type Query { a(x: Int = 3): Int @deprecated }")
        #expect(schema.queryType == TypeID(0))
        #expect(schema.types[0].appliedDirectives.isEmpty)
        #expect(schema.types[0].fields[0].appliedDirectives.map(\.name) == ["deprecated"])
    }

    @Test func `each stage reports all it finds, with places`() throws {
        let syntax = try #require(problem("type Query {"))
        #expect(syntax.stage == .syntax && syntax.errors == ["1:13 Syntax Error: Expected Name, found <EOF>."])
        let document = try #require(problem("type Query { a: X b: Y @nope }"))
        #expect(document.stage == .document && document.errors.count == 3)
        let typeSystem = try #require(problem("type A { __a: Int }"))
        #expect(typeSystem.stage == .typeSystem)
        #expect(
            typeSystem.errors == [
                "Query root type must be provided.",
                "1:10 Name \"__a\" must not begin with \"__\", which is reserved by GraphQL introspection.",
            ]
        )
    }

    @Test func `an error reads like a compiler's`() {
        do throws(InvalidSchema) { _ = try Schema(sdl: "type Query { a: X }") } catch {
            #expect("\(error)" == "1:17: Unknown type \"X\".")
        }
    }

    @Test func `an extension keeps the numbers of types`() throws {
        let base = try Schema(sdl: "type Query { a: Node } interface Node { id: ID }")
        let extended = try base.extended(
            by: Document(parsing: "type User implements Node { id: ID } extend type Query { user: User }")
        )
        #expect(extended.types.prefix(base.types.count).map(\.name) == base.types.map(\.name))
        #expect(extended.types[0].fields.map(\.name) == ["a", "user"])
        #expect(extended.type(named: "User") == TypeID(base.types.count))
        #expect(extended.types[1].possibleTypes == [TypeID(base.types.count)])
        #expect(extended.documents.count == 2)
        #expect(base.types[1].possibleTypes.isEmpty)
    }

    @Test func `an extension is held against the schema`() throws {
        let base = try Schema(sdl: "type Query { a: Int }")
        let document = try Document(parsing: "type Query { b: Int }")
        #expect(throws: InvalidSchema.self) { try base.extended(by: document) }
        // The usual names count for the text that defines the schema, not for what is added.
        let mutation = try base.extended(by: Document(parsing: "type Mutation { b: Int }"))
        #expect(mutation.mutationType == nil)
    }

    @Test func `built-in definitions have no place in the texts`() throws {
        let schema = try Schema(sdl: "type Query { a: Int }")
        let type = try #require(schema.type(named: "__Type"))
        #expect(schema[type].origins.isEmpty && schema[type].fields.allSatisfy { $0.origin == nil })
        #expect(schema.directive(named: "skip")?.origin == nil)
    }

    @Test func `a large schema is built in linear time`() throws {
        let types = (0..<5_000).map { "type T\($0) implements Node { id: ID other: U }" }.joined(separator: "\n")
        let members = (0..<5_000).map { "T\($0)" }.joined(separator: " | ")
        let extensions = (0..<5_000).map { "extend type Query { f\($0): T\($0) }" }.joined(separator: "\n")
        let sdl = "type Query { a: U } interface Node { id: ID other: U } union U = \(members)\n\(types)\n\(extensions)"
        let schema = try Schema(sdl: sdl)
        #expect(schema.types.count > 5_000)
    }
}
