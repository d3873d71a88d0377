/// The name of an element of a schema: `Type`, `Type.member`, `Type.field(argument:)`, `@directive` or
/// `@directive(argument:)`. https://spec.graphql.org/September2025/#sec-Schema-Coordinates
///
/// A member is a field, an input field or an enum value: which of them only the schema can tell.
public enum SchemaCoordinate: Hashable, Sendable {
    case type(String)
    case member(String, of: String)
    case argument(String, field: String, of: String)
    case directive(String)
    case directiveArgument(String, of: String)
}

extension SchemaCoordinate: CustomStringConvertible {
    public var description: String {
        switch self {
        case .type(let name): name
        case .member(let name, let type): "\(type).\(name)"
        case .argument(let name, let field, let type): "\(type).\(field)(\(name):)"
        case .directive(let name): "@\(name)"
        case .directiveArgument(let name, let directive): "@\(directive)(\(name):)"
        }
    }
}

extension SchemaCoordinate {
    /// Reads a coordinate. Nothing may stand between its parts, neither white space nor comments.
    public init(parsing text: String) throws(SyntaxError) {
        var parser = try SchemaCoordinateParser(Array(text.utf8))
        self = try parser.coordinate()
    }
}

private struct SchemaCoordinateParser {
    private enum Token: Equatable {
        case name(String)
        case punctuator(Character)
        case end

        var description: String {
            switch self {
            case .name(let name): "Name \"\(name)\""
            case .punctuator(let character): "\"\(character)\""
            case .end: "<EOF>"
            }
        }
    }

    private let bytes: [UInt8]
    private var token = Token.end
    private var start = 0
    private var end = 0

    init(_ bytes: [UInt8]) throws(SyntaxError) {
        self.bytes = bytes
        try advance()
    }

    mutating func coordinate() throws(SyntaxError) -> SchemaCoordinate {
        let result: SchemaCoordinate
        if try take("@") {
            let directive = try name()
            if let argument = try argument() {
                result = .directiveArgument(argument, of: directive)
            } else {
                result = .directive(directive)
            }
        } else {
            let type = try name()
            if try !take(".") {
                result = .type(type)
            } else {
                let member = try name()
                if let argument = try argument() {
                    result = .argument(argument, field: member, of: type)
                } else {
                    result = .member(member, of: type)
                }
            }
        }
        guard token == .end else { throw expected("<EOF>") }
        return result
    }

    /// `(name:)`, if it is there.
    private mutating func argument() throws(SyntaxError) -> String? {
        guard try take("(") else { return nil }
        let argument = try name()
        guard try take(":") else { throw expected("\":\"") }
        guard try take(")") else { throw expected("\")\"") }
        return argument
    }

    private mutating func name() throws(SyntaxError) -> String {
        guard case .name(let name) = token else { throw expected("Name") }
        try advance()
        return name
    }

    private mutating func take(_ character: Character) throws(SyntaxError) -> Bool {
        guard token == .punctuator(character) else { return false }
        try advance()
        return true
    }

    private mutating func advance() throws(SyntaxError) {
        start = end
        guard start < bytes.count else {
            token = .end
            return
        }
        end += 1
        switch bytes[start] {
        case UInt8(ascii: "@"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ":"):
            token = .punctuator(Character(UnicodeScalar(bytes[start])))
        case let byte where byte.isNameStart:
            while end < bytes.count, bytes[end].isNameContinue { end += 1 }
            token = .name(String(decoding: bytes[start..<end], as: UTF8.self))
        default:
            throw SyntaxError(
                "Invalid character: \(bytes.characterDescription(at: start)).",
                at: start,
                in: bytes
            )
        }
    }

    private func expected(_ what: String) -> SyntaxError {
        SyntaxError("Expected \(what), found \(token.description).", at: start, in: bytes)
    }
}
