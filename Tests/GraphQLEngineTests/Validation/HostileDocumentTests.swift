import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import Testing

/// Documents that are made to be expensive get an answer all the same. Without optimisation a second is generous; what
/// is quadratic or worse takes minutes.
@Suite(.serialized) struct HostileDocumentTests {
    private func repeated(_ count: Int, _ text: (Int) -> String) -> String {
        (0..<count).map(text).joined(separator: " ")
    }

    private func answer(_ document: String, within limit: Duration = .seconds(5)) throws -> [String] {
        let document = try Document(parsing: document)
        let start = ContinuousClock.now
        let errors = ValidationFixture.validator.validate(document)
        #expect(ContinuousClock.now - start < limit)
        #expect(errors.count <= 101)
        return errors.map(\.message)
    }

    @Test func `100,000 aliases`() throws {
        #expect(try answer("{" + repeated(100_000) { "a\($0): __typename" } + "}") == [])
    }

    @Test func `thousands of fields under one key, equal and conflicting`() throws {
        #expect(try answer("{ dog {" + repeated(20_000) { _ in "owner { iq }" } + "} }") == [])
        #expect(try answer("{" + repeated(20_000) { "x: int(value: \($0))" } + "}").count == 101)
    }

    @Test func `fragments that double the fields at every level`() throws {
        let levels = 60
        let fragments = repeated(levels) {
            "fragment F\($0) on Dog { mother { ...F\($0 + 1) } mother { name ...F\($0 + 1) } }"
        }
        #expect(try answer("{ dog { ...F0 } } \(fragments) fragment F\(levels) on Dog { name }") == [])
        let conflicting = "fragment F\(levels) on Dog { x: name x: nickname }"
        #expect(try answer("{ dog { ...F0 } } \(fragments) \(conflicting)").isEmpty == false)
    }

    @Test func `10,000 fragments in a chain and in a ring`() throws {
        func chain(_ last: String) -> String {
            "{ dog { ...F0 } }"
                + repeated(10_000) { "fragment F\($0) on Dog { \($0 == 9_999 ? last : "...F\($0 + 1)") }" }
        }
        #expect(try answer(chain("name")) == [])
        let ring = try answer(chain("...F0"))
        #expect(ring.count == 1)
        #expect(ring.first?.hasPrefix("Cannot spread fragment \"F0\" within itself via \"F1\", \"F2\"") == true)
    }

    @Test func `fragments that all spread each other`() throws {
        let all = repeated(150) { "...F\($0)" }
        #expect(try answer("{ dog { ...F0 } }" + repeated(150) { "fragment F\($0) on Dog { \(all) }" }).count == 101)
    }

    @Test func `a thousand operations that reach a thousand fragments with variables`() throws {
        let operations = repeated(1_000) { "query Q\($0)($v: Boolean) { dog { ...F0 } }" }
        let fragments = repeated(1_000) {
            "fragment F\($0) on Dog { n\($0): name(surname: $v) \($0 == 999 ? "" : "...F\($0 + 1)") }"
        }
        #expect(try answer(operations + fragments) == [])
    }

    @Test func `mistakes by the ten thousand`() throws {
        #expect(try answer("{" + repeated(20_000) { "unknown\($0)" } + "}").count == 101)
        #expect(try answer("query (" + repeated(10_000) { "$v\($0): Nothing\($0)" } + ") { __typename }").count == 101)
        #expect(try answer("{ __typename " + repeated(20_000) { _ in "@skip(if: true)" } + "}").count == 101)
        #expect(try answer("{ int(" + repeated(20_000) { _ in "value: 1" } + ") }").count == 1)
        #expect(try answer("{ json(value: {" + repeated(20_000) { _ in "a: 1" } + "}) }").count == 101)
    }

    @Test func `nesting as deep as the parser lets through`() throws {
        let depth = 199
        let selections = String(repeating: "mother {", count: depth) + "name" + String(repeating: "}", count: depth)
        #expect(try answer("{ dog { \(selections) \(selections) } }".replacing("dog { ", with: "dog {")) == [])
    }
}
