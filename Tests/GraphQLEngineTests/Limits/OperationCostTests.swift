import GraphQLLanguage
import GraphQLSchema
import Testing

@testable import GraphQLEngine

@Suite struct OperationCostTests {
    private static let sdl = """
        directive @cost(weight: String!) on ARGUMENT_DEFINITION | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
        directive @listSize(
          assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean! = true
        ) on FIELD_DEFINITION
        type Query {
          user: User  free: User @cost(weight: "0")  heavy: Heavy  price: Int @cost(weight: "2.5")
          users(first: Int = 20, last: Int): Users @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"])
          top(first: Int): [User!] @listSize(slicingArguments: ["first"])
          page(by: Page): [User!] @listSize(slicingArguments: ["by.size"])
          loose(a: Int, b: Int): [User] @listSize(slicingArguments: ["a", "b"], requireOneSlicingArgument: false, assumedSize: 7)
          search(first: Int = 20): [User!] @cost(weight: "10") @listSize(slicingArguments: ["first"])
          plain: [User]  grid: [[User]]  slots: [User] @cost(weight: "5") @listSize(assumedSize: 200)
          any: Thing  filtered(by: Filter, extra: Int @cost(weight: "4")): User
        }
        type Mutation { save: User  cheap: User @cost(weight: "0.5") }
        type Users { edges: [Edge!]!  nodes: [User!]!  total: Int @cost(weight: "2") }
        type Edge { node: User }
        type User { name: String  friends: [User] @listSize(assumedSize: 5)  best: User }
        type Heavy @cost(weight: "30") { name: String }
        interface Named { name: String  best: User }
        type Dog implements Named { name: String  best: User  puppies: [Dog] @listSize(assumedSize: 3) }
        union Thing = User | Dog | Heavy
        input Page { size: Int }
        input Filter { name: String  deep: Deep  list: [Deep!] }
        input Deep { slow: Int @cost(weight: "3")  fast: Int }
        """

    private func cost(
        _ text: String,
        _ variables: Value = .null,
        limits: OperationLimits = OperationLimits()
    ) throws
        -> OperationCost
    {
        let schema = try Schema(unchecked: Self.sdl)
        let document = try Document(parsing: text)
        let operation = try #require(document.child(.operationDefinition, of: 0))
        let planned = PlannableSchema(schema, storesLeaves: true)
        let tree = CostTreeBuilder(planned, SchemaCosts(schema), document, limits).build(operation)
        let coerced = try schema.coerceVariables(variables, of: operation, in: document)
        return try tree.cost(coerced, assumedListSize: limits.assumedListSize)
    }

    @Test(arguments: [
        // Objects cost 1, leaves nothing.
        ("{ user { name } }", 1.0, 1.0), ("{ user { name best { name } } }", 2, 2),
        ("{ a: user { name } b: user { name } }", 2, 2),
        // A weight of a field stands for its object's; of a type for each object.
        ("{ free { name best { name } } }", 1, 2), ("{ heavy { name } }", 30, 1), ("{ price }", 2.5, 0),
        // A list without a size is assumed to have ten.
        ("{ plain { name } }", 10, 10), ("{ grid { name } }", 100, 100), ("{ slots { name } }", 205, 200),
        // Slicing arguments, their defaults, connections.
        ("{ top(first: 3) { name best { name } } }", 6, 6), ("{ search { name } }", 30, 20),
        ("{ search(first: 5) { name } }", 15, 5), ("{ page(by: {size: 4}) { name } }", 4, 4),
        ("{ users { total nodes { name } } }", 23, 21), ("{ users(last: 5) { edges { node { name } } } }", 11, 11),
        ("{ users(first: 3) { nodes { friends { name } } } }", 19, 19), ("{ loose { name } }", 7, 7),
        ("{ loose(a: 2, b: 3) { name } }", 3, 3), ("{ top(first: -5) { name } }", 0, 0),
        // Mutations.
        ("mutation { save { name } }", 10, 1), ("mutation { cheap { best { name } } }", 1.5, 2),
        // Fields that merge count once, fragments included.
        ("{ user { best { name } } user { best { name } ...F ...F } } fragment F on User { best { name } }", 2, 2),
        // Of object types the dearest counts; what all have counts beside it.
        ("{ any { ... on User { best { name } } ... on Dog { puppies { name } } } }", 4, 4),
        ("{ any { ... on User { best { name } } ... on Named { best { name } } } }", 3, 3),
        ("{ any { ... on Dog { ... on Named { best { name } } puppies { best { name } } } __typename } }", 8, 8),
        // Arguments and input fields.
        ("{ filtered(extra: 1) { name } }", 5, 1), ("{ filtered(by: {deep: {fast: 1}}) { name } }", 1, 1),
        ("{ filtered(by: {deep: {slow: 1}, list: [{slow: 1}, {slow: 2}]}) { name } }", 10, 1),
        // Introspection is free, and what is never there.
        ("{ __schema { types { name } } __typename }", 0, 0),
        ("{ user @skip(if: true) { name } price @include(if: false) }", 0, 0),
    ])
    func `costs are those of the specification`(text: String, points: Double, nodes: Double) throws {
        #expect(try cost(text) == OperationCost(points: points, nodes: nodes))
    }

    @Test(arguments: [
        ("query ($n: Int) { top(first: $n) { name } }", #"{"n": 8}"#, 8.0),
        ("query ($n: Int = 6) { top(first: $n) { name } }", "{}", 6),
        ("query ($n: Int) { search(first: $n) { name } }", "{}", 30),
        ("query ($p: Page) { page(by: $p) { name } }", #"{"p": {"size": 9}}"#, 9),
        ("query ($n: Int) { page(by: {size: $n}) { name } }", #"{"n": 2}"#, 2),
        (
            "query ($yes: Boolean!) { user @include(if: $yes) { name } plain @skip(if: $yes) { name } }",
            #"{"yes": true}"#, 1
        ),
        (
            "query ($yes: Boolean!) { user @include(if: $yes) { name } plain @skip(if: $yes) { name } }",
            #"{"yes": false}"#, 10
        ),
        (
            "query ($yes: Boolean!) { ...F @include(if: $yes) ...F } fragment F on Query { user { name } }",
            #"{"yes": false}"#, 1
        ),
        (
            "query ($yes: Boolean!) { ...F @include(if: $yes) } fragment F on Query { user { name } }",
            #"{"yes": false}"#, 0
        ),
        ("query ($x: Int) { filtered(extra: $x) { name } }", #"{"x": 1}"#, 5),
        ("query ($x: Int) { filtered(extra: $x) { name } }", "{}", 1),
        ("query ($f: Filter) { filtered(by: $f) { name } }", #"{"f": {"deep": {"slow": 1}}}"#, 4),
    ])
    func `variables decide sizes, weights and what is there`(text: String, variables: String, points: Double) throws {
        #expect(try cost(text, try Value(json: variables)).points == points)
    }

    @Test(arguments: [
        ("{ top { name } }", #"Field "top" needs one of the arguments "first"."#),
        ("query ($n: Int) { top(first: $n) { name } }", #"Field "top" needs one of the arguments "first"."#),
        ("{ users(first: 1, last: 2) { total } }", ""),
        (
            "{ users(first: 1, last: 2) { nodes { name } } }",
            #"Field "users" takes only one of the arguments "first", "last"."#
        ),
    ])
    func `one slicing argument is given where one is required`(text: String, message: String) throws {
        do {
            _ = try cost(text)
            #expect(message.isEmpty)
        } catch let error as GraphQLError {
            #expect(error.message == message)
            #expect(error.extensions["code"] == .string("QUERY_TOO_COMPLEX"))
        }
    }

    @Test func `what doubles at each level is not counted for ever`() throws {
        let levels = (0..<40).map { "fragment F\($0) on User { a: best { ...F\($0 + 1) } b: best { ...F\($0 + 1) } }" }
        let text = "{ user { ...F0 } } \(levels.joined(separator: "\n")) fragment F40 on User { name }"
        #expect(try cost(text).points == .infinity)
    }

    @Test func `an operation beyond the limits is refused before anything runs`() async throws {
        let schema = DynamicSchema(try Schema(unchecked: Self.sdl))
        func errors(_ text: String, _ variables: Value) async throws -> [Value] {
            let request = Request(document: Array(text.utf8), variables: variables)
            let response = await schema.execute(request, root: DynamicObject(fields: [:]))
            guard case .list(let errors)? = try Value(json: response.bytes)["errors"] else { return [] }
            return errors
        }
        let text = "query ($n: Int) { top(first: $n) { friends { name } } }"
        #expect(try await errors(text, .object([.init("n", .int(100))])).isEmpty)
        let error = try #require(try await errors(text, .object([.init("n", .int(200))])).first)
        #expect(error["message"] == .string("The operation costs 1200 points; at most 1000 are allowed."))
        #expect(error["extensions"]?["code"] == .string("QUERY_TOO_COMPLEX"))
        // What a document without variables costs is known from the first time, and refused each time.
        for _ in 0..<2 {
            let error = try #require(try await errors("{ top(first: 200) { friends { name } } }", .null).first)
            #expect(error["message"] == .string("The operation costs 1200 points; at most 1000 are allowed."))
        }
        // An operation beside it in one document is another.
        let two = "query A { user { name } } query B($n: Int) { top(first: $n) { friends { name } } }"
        func refused(_ name: String, _ n: Int) async throws -> Bool {
            let request = Request(
                document: Array(two.utf8),
                operationName: name,
                variables: .object([.init("n", .int(n))])
            )
            let response = await schema.execute(request, root: DynamicObject(fields: [:]))
            return try Value(json: response.bytes)["errors"] != nil
        }
        for (name, n, isRefused) in [
            ("A", 200, false), ("B", 200, true), ("B", 1, false), ("A", 1, false), ("B", 200, true),
        ] {
            #expect(try await refused(name, n) == isRefused, "\(name) \(n)")
        }
    }
}
