import GraphQLLanguage
import GraphQLSchema

/// The kinds `lex`, `parse`, `print`, `strip` and `separate`.
enum LanguageCases {
    static func lex(_ input: Value) -> Value {
        attempt { () throws(SyntaxError) in
            var lexer = try Lexer(input.text("document"))
            var locations = LocationCursor(lexer.bytes)
            var tokens: [Value] = []
            var kind = Token.Kind.name
            while kind != .endOfFile {
                let token = try lexer.next()
                kind = token.kind
                let location = locations.location(at: Int(token.start))
                var fields: [Value.Field] = [.init("kind", .string(kind.description))]
                if !kind.isPunctuator, kind != .endOfFile {
                    fields.append(.init("value", .string(token.value(in: lexer.bytes))))
                }
                fields.append(.init("line", .int(location.line)))
                fields.append(.init("column", .int(location.column)))
                tokens.append(.object(fields))
            }
            return .init("tokens", .list(tokens))
        }
    }

    static func parse(_ input: Value) -> Value {
        attempt { () throws(SyntaxError) in .init("ast", SyntaxTree(try document(input)).json(0)) }
    }

    static func print(_ input: Value) -> Value {
        attempt { () throws(SyntaxError) in .init("printed", .string(try document(input).printed())) }
    }

    static func strip(_ input: Value) -> Value {
        attempt { () throws(SyntaxError) in .init("printed", .string(try Minifier.minify(input.text("document")))) }
    }

    static func separate(_ input: Value) -> Value {
        attempt { () throws(SyntaxError) in
            let operations = try document(input).separatedOperations()
            return .init("operations", .object(operations.map { .init($0.name, .string($0.document.printed())) }))
        }
    }

    /// The text of a case, parsed by the entry and with the limits it names.
    private static func document(_ input: Value) throws(SyntaxError) -> Document {
        let text = input.text("document")
        var limits = ParserLimits.standard
        if case .int(let tokens) = input["options"]?["maxTokens"] { limits.tokens = tokens }
        switch input.text("entry") {
        case "value": return try Document(parsingValue: text, limits: limits)
        case "constValue": return try Document(parsingValue: text, isConstant: true, limits: limits)
        case "type": return try Document(parsingType: text, limits: limits)
        default: return try Document(parsing: text, limits: limits)
        }
    }

    private static func attempt(_ work: () throws(SyntaxError) -> Value.Field) -> Value {
        do {
            return .object([.init("ok", .boolean(true)), try work()])
        } catch {
            let location = Value.object([
                .init("line", .int(error.location.line)), .init("column", .int(error.location.column)),
            ])
            let entry = Value.object([
                .init("message", .string(error.message)), .init("locations", .list([location])),
            ])
            return .object([.init("ok", .boolean(false)), .init("errors", .list([entry]))])
        }
    }
}

/// Locations of offsets that only grow, without counting the lines before them again.
private struct LocationCursor {
    private let bytes: [UInt8]
    private var line = 1
    private var lineStart = 0
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func location(at target: Int) -> SourceLocation {
        while offset < target {
            let isReturn = bytes[offset] == UInt8(ascii: "\r")
            let isFeed = bytes[offset] == UInt8(ascii: "\n")
            offset += 1
            if isFeed || isReturn && !(offset < bytes.count && bytes[offset] == UInt8(ascii: "\n")) {
                line += 1
                lineStart = offset
            }
        }
        let column = String(decoding: bytes[lineStart..<target], as: UTF8.self).utf16.count + 1
        return SourceLocation(line: line, column: column)
    }
}
