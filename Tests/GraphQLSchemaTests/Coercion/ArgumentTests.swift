import GraphQLLanguage
import GraphQLSchema
import Testing

@Suite struct ArgumentTests {
    private func arguments(_ text: String, _ variables: [Value.Field] = []) throws -> String {
        let schema = try CoercionFixture.schema()
        let document = try Document(parsing: "{ field(\(text)) }")
        let query = try #require(schema.queryType)
        let coerced = try schema.coerceArguments(
            schema[query].fields[0].arguments,
            of: 3,
            in: document,
            variables: VariableValues(variables)
        )
        return Value.object(coerced).json
    }

    @Test func `arguments come in the order of the schema, with defaults`() throws {
        #expect(try arguments("any: [1] required: 2") == #"{"required":2,"withDefault":"RED","any":[1]}"#)
        #expect(
            try arguments("withDefault: BLUE optional: 1 required: 2")
                == #"{"required":2,"optional":[1],"withDefault":"BLUE"}"#
        )
    }

    @Test func `a variable without a value leaves the argument out, or to its default`() throws {
        #expect(try arguments("required: 1 optional: $a withDefault: $b") == #"{"required":1,"withDefault":"RED"}"#)
        let given = [Value.Field("a", .null), Value.Field("b", .enum("BLUE"))]
        #expect(
            try arguments("required: 1 optional: $a withDefault: $b", given)
                == #"{"required":1,"optional":null,"withDefault":"BLUE"}"#
        )
    }

    @Test(arguments: [
        ("any: 1", #"Argument "required" of required type "Int!" was not provided."#, 3),
        ("required: null", #"Argument "required" of non-null type "Int!" must not be null."#, 19),
        (
            "required: $a",
            #"Argument "required" of required type "Int!" was provided the variable "$a" which was not provided a runtime value."#,
            19
        ),
        ("required: $null", #"Argument "required" of non-null type "Int!" must not be null."#, 19),
        ("withDefault: $null required: 1", #"Argument "withDefault" of non-null type "Color!" must not be null."#, 22),
        ("required: 1 optional: [\"x\"]", #"Argument "optional" has invalid value ["x"]."#, 31),
        ("required: 1 one: {number: 1, text: $a, }", "", 0),
    ])
    func `what does not fit is refused in the words of graphql-js`(text: String, message: String, column: Int) throws {
        do {
            let json = try arguments(text, [Value.Field("null", .null)])
            #expect(message.isEmpty && json == #"{"required":1,"withDefault":"RED","one":{"number":1}}"#)
        } catch let error as GraphQLError {
            #expect(error.message == message)
            #expect(error.locations == [SourceLocation(line: 1, column: column)])
        }
    }

    @Test func `a program takes the values of its own scalars`() throws {
        var schema = try Schema(unchecked: "type Query { a(odd: Odd = 3): Int b(odd: Odd = 4): Int } scalar Odd")
        schema.scalarInput = { (type, value) throws(LeafRefusal) in
            guard type.name == "Odd", case .int(let number) = value, number % 2 != 0 else {
                throw LeafRefusal("\(value.inspected) is not odd")
            }
            return .string("odd \(number)")
        }
        let query = schema[try #require(schema.queryType)]
        #expect(query.fields[0].arguments[0].coercedDefault == .string("odd 3"))
        #expect(query.fields[1].arguments[0].coercedDefault == nil)
        let type = try CoercionFixture.type("[Odd!]", in: schema)
        let literal = schema.coerceLiteral(
            0,
            in: try Document(parsingValue: "[5, 7]"),
            to: type,
            variables: VariableValues()
        )
        #expect(literal == .list([.string("odd 5"), .string("odd 7")]))
        #expect(schema.coerceLiteral(.list([.int(2)]), to: type) == nil)
        var faults: [String] = []
        _ = schema.coerceInput(.list([.int(1), .int(2)]), to: type) { path, value, message in
            faults.append("\(path) \(value.inspected) \(message)")
            return true
        }
        #expect(faults == [#"[GraphQLSchema.GraphQLError.PathElement.index(1)] 2 Expected type "Odd". 2 is not odd"#])
    }
}
