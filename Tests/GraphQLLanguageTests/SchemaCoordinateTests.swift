import GraphQLLanguage
import Testing

@Suite struct SchemaCoordinateTests {
    @Test(arguments: [
        ("Type", SchemaCoordinate.type("Type")),
        ("Type.member", .member("member", of: "Type")),
        ("Type.field(arg:)", .argument("arg", field: "field", of: "Type")),
        ("@directive", .directive("directive")),
        ("@directive(arg:)", .directiveArgument("arg", of: "directive")),
        ("__Type._1", .member("_1", of: "__Type")),
    ])
    func `every form is read and written`(text: String, coordinate: SchemaCoordinate) throws {
        #expect(try SchemaCoordinate(parsing: text) == coordinate)
        #expect(coordinate.description == text)
    }

    @Test(arguments: [
        ("", "Expected Name, found <EOF>. 1:1"),
        ("Type.", "Expected Name, found <EOF>. 1:6"),
        ("Type.field.deep", "Expected <EOF>, found \".\". 1:11"),
        ("Type(arg:)", "Expected <EOF>, found \"(\". 1:5"),
        ("Type.field(arg)", "Expected \":\", found \")\". 1:15"),
        ("Type.field(arg: value)", "Invalid character: \" \". 1:16"),
        ("Type.field(arg:value)", "Expected \")\", found Name \"value\". 1:16"),
        ("Type.field(:)", "Expected Name, found \":\". 1:12"),
        ("@directive.field", "Expected <EOF>, found \".\". 1:11"),
        ("@", "Expected Name, found <EOF>. 1:2"),
        ("@@a", "Expected Name, found \"@\". 1:2"),
        (" Type", "Invalid character: \" \". 1:1"),
        ("Type .field", "Invalid character: \" \". 1:5"),
        ("Type#", "Invalid character: \"#\". 1:5"),
        ("Typé", "Invalid character: U+00E9. 1:4"),
        ("1", "Invalid character: \"1\". 1:1"),
    ])
    func `anything else is refused where it goes wrong`(text: String, message: String) {
        #expect(syntaxError { _ = try SchemaCoordinate(parsing: text) } == "Syntax Error: \(message)")
    }
}
