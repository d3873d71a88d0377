/// A value in small JSON that others have made (tokens, answers of providers) or that rows and jobs carry.
///
/// Apart from the engine's `Value`: see decision 27.
package indirect enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case list([JSONValue])
    case object([String: JSONValue])

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var number: Double? { if case .number(let number) = self { number } else { nil } }
    package var boolean: Bool? { if case .boolean(let flag) = self { flag } else { nil } }
    package var list: [JSONValue]? { if case .list(let items) = self { items } else { nil } }
    package var object: [String: JSONValue]? { if case .object(let fields) = self { fields } else { nil } }
    /// The texts of a list of nothing else, or a single text as a list of one.
    package var strings: [String]? {
        switch self {
        case .string(let text): return [text]
        case .list(let items):
            let texts = items.compactMap(\.string)
            return texts.count == items.count ? texts : nil
        default: return nil
        }
    }

    /// Reads JSON that may come from anyone: nil for what is none, for a name that stands twice, and beyond eight levels.
    package init?(json bytes: [UInt8]) {
        var reader = JSONValueReader(bytes: bytes)
        guard let value = reader.document() else { return nil }
        self = value
    }
}

extension JSONValue {
    /// JSON with the names in the order they are given.
    package static func json(_ fields: [(String, JSONValue)]) -> String {
        "{" + fields.map { quoted($0.0) + ":" + $0.1.json }.joined(separator: ",") + "}"
    }

    private var json: String {
        switch self {
        case .null: return "null"
        case .boolean(let flag): return flag ? "true" : "false"
        case .number(let number): return Int64(exactly: number).map(String.init) ?? String(number)
        case .string(let text): return JSONValue.quoted(text)
        case .list(let items): return "[" + items.map(\.json).joined(separator: ",") + "]"
        case .object(let fields): return JSONValue.json(fields.sorted { $0.key < $1.key })
        }
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A text in its quotes.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(byte)
            case 0..<0x20:
                bytes += #"\u00"#.utf8
                bytes.append(byte < 0x10 ? 0x30 : 0x31)
                bytes.append("0123456789abcdef".utf8.dropFirst(Int(byte & 0xF)).first ?? 0x30)
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }
}
