import GraphQLLanguage
import Testing

@Suite struct ParserTests {
    @Test(arguments: [
        ("{ a }", "operationDefinition(selectionSet(field:a))"),
        ("query { a: b }", "operationDefinition(selectionSet(field:b(alias:a)))"),
        ("mutation M { a(x: 1) }", "operationDefinition:M(selectionSet(field:a(argument:x(intValue:1))))"),
        (
            "subscription S($v: [Int!]! = [1] @d) @e { a }",
            "operationDefinition:S(variableDefinition:v(variable:v listType!(namedType:Int!) "
                + "listValue(intValue:1) directive:d) directive:e selectionSet(field:a))"
        ),
        (
            "{ ...F @d ... on T { a } ... @e { b } ... { c } }",
            "operationDefinition(selectionSet(fragmentSpread:F(directive:d) "
                + "inlineFragment(namedType:T selectionSet(field:a)) "
                + "inlineFragment(directive:e selectionSet(field:b)) inlineFragment(selectionSet(field:c))))"
        ),
        (
            "fragment F on T @d { on fragment }",
            "fragmentDefinition:F(namedType:T directive:d selectionSet(field:on field:fragment))"
        ),
        (
            #"{ a(v: {k: [$x, null, true, E, 1.5, "s"]}) }"#,
            "operationDefinition(selectionSet(field:a(argument:v(objectValue(objectField:k(listValue("
                + "variable:x nullValue:null booleanValue:true enumValue:E floatValue:1.5 stringValue:\"s\")))))))"
        ),
        (
            #""d" query Q("v" $v: Int) { a }"#,
            "operationDefinition:Q(description:\"d\" variableDefinition:v(description:\"v\" variable:v namedType:Int) "
                + "selectionSet(field:a))"
        ),
        (
            #""d" fragment F on T { a }"#,
            "fragmentDefinition:F(description:\"d\" namedType:T selectionSet(field:a))"
        ),
    ])
    func `executable definitions become nodes`(text: String, outline: String) throws {
        #expect(try Document.outline(ofDefinition: text) == outline)
    }

    @Test(arguments: [
        (
            #""d" schema @a { query: Q mutation: M }"#,
            "schemaDefinition(description:\"d\" directive:a operationTypeDefinition(namedType:Q) "
                + "operationTypeDefinition(namedType:M))"
        ),
        ("extend schema @a", "schemaExtension(directive:a)"),
        ("scalar S @a", "scalarTypeDefinition:S(directive:a)"),
        ("extend scalar S @a", "scalarTypeExtension:S(directive:a)"),
        (
            #"type T implements & A & B @a { "f" f("x" x: Int = 1 @b): [T!]! @c }"#,
            "objectTypeDefinition:T(namedType:A namedType:B directive:a fieldDefinition:f(description:\"f\" "
                + "inputValueDefinition:x(description:\"x\" namedType:Int intValue:1 directive:b) "
                + "listType!(namedType:T!) directive:c))"
        ),
        ("type T", "objectTypeDefinition:T"),
        ("extend type T implements A", "objectTypeExtension:T(namedType:A)"),
        ("interface I implements J { a: A }", "interfaceTypeDefinition:I(namedType:J fieldDefinition:a(namedType:A))"),
        ("extend interface I @a", "interfaceTypeExtension:I(directive:a)"),
        ("union U = | A | B", "unionTypeDefinition:U(namedType:A namedType:B)"),
        ("union U", "unionTypeDefinition:U"),
        ("extend union U = A", "unionTypeExtension:U(namedType:A)"),
        ("enum E { A @a B }", "enumTypeDefinition:E(enumValueDefinition:A(directive:a) enumValueDefinition:B)"),
        ("extend enum E { C }", "enumTypeExtension:E(enumValueDefinition:C)"),
        ("input I { a: A = {} }", "inputObjectTypeDefinition:I(inputValueDefinition:a(namedType:A objectValue))"),
        ("extend input I @a", "inputObjectTypeExtension:I(directive:a)"),
        (
            "directive @d(a: Int) repeatable on | FIELD | QUERY",
            "directiveDefinition:d(inputValueDefinition:a(namedType:Int) directiveLocation:FIELD "
                + "directiveLocation:QUERY)"
        ),
        ("directive @d on FIELD", "directiveDefinition:d(directiveLocation:FIELD)"),
        (
            "type type implements implements { type(input: input): query }",
            "objectTypeDefinition:type(namedType:implements fieldDefinition:type(inputValueDefinition:input("
                + "namedType:input) namedType:query))"
        ),
    ])
    func `type system definitions become nodes`(text: String, outline: String) throws {
        #expect(try Document.outline(ofDefinition: text) == outline)
    }

    @Test func `flags tell what the text of a node does not`() throws {
        let document = try Document(
            parsing: #"mutation M { a(x: "\n", y: """b""", z: true) } directive @d repeatable on FIELD"#
        )
        let flags = document.nodes.filter { !$0.flags.isEmpty }.map(\.flags)
        #expect(flags == [.mutation, .escapes, .block, .isTrue, .repeatable])
        #expect(document[1].operation == .mutation)
    }

    @Test func `a subtree ends where its node says`() throws {
        let document = try Document(parsing: "{ a { b c } d } query Q { e }")
        #expect(document.children(of: 0).map { document.outline($0) }.count == 2)
        #expect(document[0].next == document.nodes.count)
        for (index, node) in document.nodes.enumerated() {
            #expect(node.next > index && node.next <= document.nodes.count)
        }
    }

    @Test(arguments: [
        ("", "Unexpected <EOF>. 1:1"),
        ("{", "Expected Name, found <EOF>. 1:2"),
        ("{}", "Expected Name, found \"}\". 1:2"),
        ("{ a() }", "Expected Name, found \")\". 1:5"),
        ("{ a(x) }", "Expected \":\", found \")\". 1:6"),
        ("query Q() { a }", "Expected \"$\", found \")\". 1:9"),
        ("query Q($a: Int = $b) { a }", "Unexpected variable \"$b\" in constant value. 1:19"),
        ("query Q($a: Int = $) { a }", "Unexpected \"$\". 1:19"),
        ("query Q($a: Int @d(x: $a)) { a }", "Unexpected variable \"$a\" in constant value. 1:23"),
        ("{ a(x: ?) }", "Unexpected character: \"?\". 1:8"),
        ("{ a(x: ...) }", "Unexpected \"...\". 1:8"),
        ("fragment on on on { on }", "Unexpected Name \"on\". 1:10"),
        ("fragment F { a }", "Expected \"on\", found \"{\". 1:12"),
        ("{ ...on }", "Expected Name, found \"}\". 1:9"),
        ("notAnOperation { a }", "Unexpected Name \"notAnOperation\". 1:1"),
        ("{ a } }", "Unexpected \"}\". 1:7"),
        ("\"d\" { a }", "Unexpected description, descriptions are not supported on shorthand queries. 1:1"),
        (
            "\"d\" extend type T @a",
            "Unexpected description, descriptions are supported only on type definitions. 1:1"
        ),
        ("\"d\" 5", "Unexpected Int \"5\". 1:5"),
        ("\"d\"", "Unexpected <EOF>. 1:4"),
        ("5", "Unexpected Int \"5\". 1:1"),
        ("extend", "Unexpected <EOF>. 1:7"),
        ("extend query", "Unexpected Name \"query\". 1:8"),
        ("extend type T", "Unexpected <EOF>. 1:14"),
        ("extend scalar S type T", "Unexpected Name \"type\". 1:17"),
        ("extend schema", "Unexpected <EOF>. 1:14"),
        ("schema {}", "Expected Name, found \"}\". 1:9"),
        ("schema { other: T }", "Unexpected Name \"other\". 1:10"),
        ("type T {}", "Expected Name, found \"}\". 1:9"),
        ("type T { f(): Int }", "Expected Name, found \")\". 1:12"),
        ("type T implements", "Expected Name, found <EOF>. 1:18"),
        ("type T implements A B", "Unexpected Name \"B\". 1:21"),
        ("union U =", "Expected Name, found <EOF>. 1:10"),
        ("union U = A |", "Expected Name, found <EOF>. 1:14"),
        ("enum E { true }", "Name \"true\" is reserved and cannot be used for an enum value. 1:10"),
        ("enum E { null }", "Name \"null\" is reserved and cannot be used for an enum value. 1:10"),
        ("input I { f(x: Int): Int }", "Expected \":\", found \"(\". 1:12"),
        ("directive d on FIELD", "Expected \"@\", found Name \"d\". 1:11"),
        ("directive @d on FEILD", "Unexpected Name \"FEILD\". 1:17"),
        ("directive @d repeatable FIELD", "Expected \"on\", found Name \"FIELD\". 1:25"),
        ("{ a(x: \"é\" y) }", "Expected \":\", found \")\". 1:13"),
        ("{\r\n a(\r x: \n\n ]", "Unexpected \"]\". 5:2"),
        ("{ a \"\"\"\n  block\n\"\"\" }", "Expected Name, found BlockString \"block\". 1:5"),
    ])
    func `what is not GraphQL is refused where it goes wrong`(text: String, message: String) {
        #expect(syntaxError { _ = try Document(parsing: text) } == "Syntax Error: \(message)")
    }

    @Test(arguments: [
        ("1", "intValue:1"), ("[]", "listValue"), ("{}", "objectValue"), ("$v", "variable:v"),
        (
            " {a:{b:[-1 2.5]}} ",
            "objectValue(objectField:a(objectValue(objectField:b(listValue(intValue:-1 floatValue:2.5)))))"
        ),
    ])
    func `values can be parsed on their own`(text: String, outline: String) throws {
        #expect(try Document(parsingValue: text).outline() == outline)
    }

    @Test(arguments: ["", "1 2", "[1", "{a}", ":", "$"])
    func `what is more or less than a value is refused`(text: String) {
        #expect(throws: SyntaxError.self) { try Document(parsingValue: text) }
    }

    @Test func `constant values hold no variables`() {
        #expect(
            syntaxError { _ = try Document(parsingValue: "[{a: $v}]", isConstant: true) }
                == "Syntax Error: Unexpected variable \"$v\" in constant value. 1:6"
        )
    }

    @Test(arguments: [
        ("T", "namedType:T"), ("T!", "namedType:T!"), ("[T]", "listType(namedType:T)"),
        ("[[T!]!]!", "listType!(listType!(namedType:T!))"),
    ])
    func `types can be parsed on their own`(text: String, outline: String) throws {
        #expect(try Document(parsingType: text).outline() == outline)
    }

    @Test(arguments: ["", "T!!", "[T", "[]", "!", "T T"])
    func `what is more or less than a type is refused`(text: String) {
        #expect(throws: SyntaxError.self) { try Document(parsingType: text) }
    }
}
