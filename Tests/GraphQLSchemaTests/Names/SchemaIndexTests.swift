import GraphQLSchema
import Testing

@Suite struct SchemaIndexTests {
    private func index() throws -> SchemaIndex {
        SchemaIndex(
            try Schema(
                unchecked: """
                    interface Node { id: ID! }
                    type A implements Node { id: ID!, list(first: Int! = 3, after: String!): [A!] }
                    type B implements Node { id: ID! }
                    type C { id: ID! }
                    union AC = A | C
                    enum Color { RED GREEN }
                    input Point { x: Int!, y: Int = 1 }
                    type Query { a: A }
                    directive @mark(with: Color!) on FIELD
                    """
            )
        )
    }

    @Test func `names have numbers, unknown ones none`() throws {
        let names = try index().names
        #expect(names.symbol(of: "Node") >= 0)
        #expect(names.symbol(of: "Node") != names.symbol(of: "Nod"))
        #expect(names.symbol(of: "Nodes") == NameTable.unknown)
        #expect(names.symbol(of: "__schema") == WellKnownSymbol.schema)
        #expect(names.symbol(of: "inputFields") == WellKnownSymbol.inputFields)
    }

    @Test func `names that share their first eight bytes are told apart`() {
        var names = NameTable()
        let similar = (0..<1_000).map { "aLongNameWithTheNumber\($0)" }
        let numbers = similar.map { names.intern($0) }
        #expect(Set(numbers).count == similar.count)
        #expect(similar.map { names.symbol(of: $0) } == numbers)
        #expect(similar.map { names.intern($0) } == numbers)
        #expect(names.count == similar.count)
    }

    @Test func `fields, arguments, input fields and values are found`() throws {
        let index = try index()
        func symbol(_ name: String) -> Symbol { index.names.symbol(of: name) }
        let type = index.type(symbol("A"))
        let list = index.field(symbol("list"), of: type)
        #expect(index.definition(of: list)?.name == "list")
        #expect(index.fields[Int(list)].hasRequiredArguments)
        #expect(index.field(symbol("list"), of: index.type(symbol("B"))) == -1)
        #expect(index.field(NameTable.unknown, of: type) == -1)
        let first = index.argument(symbol("first"), of: list)
        #expect(index.inputs[Int(first)].hasDefault && !index.inputs[Int(first)].isRequired)
        #expect(index.argument(symbol("x"), of: list) == -1)
        let point = index.type(symbol("Point"))
        #expect(index.inputDefinitions[Int(index.inputField(symbol("y"), of: point))].name == "y")
        #expect(index.inputFields(of: point).count == 2)
        #expect(index.enumValue(symbol("GREEN"), of: index.type(symbol("Color"))) == 1)
        let mark = index.directive(symbol("mark"))
        #expect(index.argument(symbol("with"), ofDirective: mark) >= 0)
        #expect(index.type(symbol("mark")) == -1)
    }

    @Test func `meta-fields are where the specification has them`() throws {
        let index = try index()
        func type(_ name: String) -> Int32 { index.type(index.names.symbol(of: name)) }
        #expect(index.field(WellKnownSymbol.typename, of: type("AC")) == index.typenameField)
        #expect(index.field(WellKnownSymbol.typename, of: type("Color")) == -1)
        let schema = index.field(WellKnownSymbol.schema, of: type("Query"))
        #expect(index.fields[Int(schema)].isMetaField)
        #expect(index.definition(of: schema) == nil)
        #expect(index.field(WellKnownSymbol.schema, of: type("A")) == -1)
        #expect(index.argument(WellKnownSymbol.name, of: index.field(WellKnownSymbol.type, of: type("Query"))) >= 0)
    }

    @Test func `types overlap that have a possible type in common`() throws {
        let index = try index()
        func overlap(_ left: String, _ right: String) -> Bool {
            index.overlap(index.type(index.names.symbol(of: left)), index.type(index.names.symbol(of: right)))
        }
        #expect(overlap("A", "A") && overlap("A", "Node") && overlap("AC", "A") && overlap("Node", "AC"))
        #expect(!overlap("A", "B") && !overlap("C", "Node") && !overlap("B", "AC"))
    }
}
