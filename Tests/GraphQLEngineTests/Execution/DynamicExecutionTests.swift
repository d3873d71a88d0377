import GraphQLEngine
import GraphQLSchema
import Testing

@Suite struct DynamicExecutionTests {
    private let schema = """
        type Query { hello: String people: [Person!] strict: [Person!]! deep: [[Person]] any: [Thing] }
        type Person { name: String! age: Int friends: [Person!]! }
        type Stone { weight: Float }
        union Thing = Person | Stone
        """

    private func answer(_ document: String, _ root: [String: DynamicValue]) async throws -> String {
        let schema = DynamicSchema(try Schema(unchecked: schema))
        let response = await schema.execute(Request(document: Array(document.utf8)), root: DynamicObject(fields: root))
        return String(decoding: response.bytes, as: UTF8.self)
    }

    private func person(_ name: String?, friends: [DynamicValue] = []) -> DynamicValue {
        .object(
            DynamicObject(
                typeName: .name("Person"),
                fields: ["name": name.map { .leaf(.string($0)) } ?? .null, "friends": .list(friends)]
            )
        )
    }

    @Test func `fields answer under their aliases, in document order`() async throws {
        let json = try await answer(
            "{ b: hello __typename a: hello people { name ...F } } fragment F on Person { name friends { name } }",
            ["hello": .leaf(.string("hi")), "people": .list([person("A", friends: [person("B")]), person("C")])]
        )
        #expect(
            json
                == #"{"data":{"b":"hi","__typename":"Query","a":"hi","people":[{"name":"A","friends":[{"name":"B"}]},{"name":"C","friends":[]}]}}"#
        )
    }

    @Test func `a null propagates to the nearest place that may be null`() async throws {
        let root: [String: DynamicValue] = [
            "people": .list([person("A"), person(nil)]),
            "deep": .list([.list([person("A"), person(nil)]), .null]),
        ]
        let json = try await answer("{ people { name } deep { name } }", root)
        #expect(
            json
                == #"{"errors":[{"message":"Cannot return null for non-nullable field Person.name.","locations":[{"line":1,"column":12}],"path":["people",1,"name"]},{"message":"Cannot return null for non-nullable field Person.name.","locations":[{"line":1,"column":26}],"path":["deep",0,1,"name"]}],"data":{"people":null,"deep":[[{"name":"A"},null],null]}}"#
        )
        let all = try await answer("{ hello strict { name } }", ["strict": .null])
        #expect(all.hasSuffix(#""data":null}"#))
    }

    @Test func `values of a union are answered by their own types`() async throws {
        let stone = DynamicValue.object(DynamicObject(typeName: .name("Stone"), fields: ["weight": .leaf(.float(1.5))]))
        let json = try await answer(
            "{ any { __typename ... on Person { name } ... on Stone { weight } } }",
            ["any": .list([stone, person("A"), stone])]
        )
        #expect(
            json
                == #"{"data":{"any":[{"__typename":"Stone","weight":1.5},{"__typename":"Person","name":"A"},{"__typename":"Stone","weight":1.5}]}}"#
        )
    }

    @Test func `introspection answers`() async throws {
        let json = try await answer(
            "{ __schema { queryType { name fields { name type { kind ofType { name } } } } } }",
            [:]
        )
        #expect(
            json.hasPrefix(
                #"{"data":{"__schema":{"queryType":{"name":"Query","fields":[{"name":"hello","type":{"kind":"SCALAR","ofType":null}},{"name":"people","type":{"kind":"LIST","ofType":{"name":null}}}"#
            )
        )
    }
}
