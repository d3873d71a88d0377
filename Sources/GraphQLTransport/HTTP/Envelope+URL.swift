import GraphQLSchema
import HTTPServer

extension Envelope {
    /// The parameters of a GET request; `variables` and `extensions` are JSON texts.
    init(urlQuery: HTTPBytes?) throws(BadEnvelope) {
        self.init()
        var seen: Set<String> = []
        for (name, text) in try Self.pairs(urlQuery) {
            guard Self.names.contains(name) else { continue }
            guard seen.insert(name).inserted else { throw BadEnvelope("Parameter \"\(name)\" is given twice.") }
            try set(name, try Self.value(name, text))
        }
        try check()
    }

    /// One parameter of a URL; nil also where the URL cannot be read.
    static func parameter(_ name: String, of query: HTTPBytes?) -> String? {
        (try? pairs(query))?.first { $0.0 == name }?.1
    }

    private static let names: Set<String> = [
        "query", "operationName", "documentId", "variables", "extensions", "onError",
    ]

    private static func value(_ name: String, _ text: String) throws(BadEnvelope) -> Value {
        // An empty parameter is one that is not there; an empty document is a mistake.
        if text.isEmpty, name != "query" { return .null }
        guard name == "variables" || name == "extensions" else { return .string(text) }
        do { return try Value(json: text) } catch {
            throw BadEnvelope("Parameter \"\(name)\" is not JSON: \(error)")
        }
    }

    /// Pairs of an `application/x-www-form-urlencoded` text.
    private static func pairs(_ query: HTTPBytes?) throws(BadEnvelope) -> [(String, String)] {
        guard let query else { return [] }
        let bytes = query.withUnsafeBytes { [UInt8]($0) }
        var pairs: [(String, String)] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            pairs.append((try decode(sides[0]), sides.count > 1 ? try decode(sides[1]) : ""))
        }
        return pairs
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) throws(BadEnvelope) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.endIndex, let high = hexadecimal(bytes[index + 1]),
                    let low = hexadecimal(bytes[index + 2])
                else { throw BadEnvelope("The URL has a \"%\" without two hexadecimal digits behind it.") }
                decoded.append(high << 4 | low)
                index += 2
            case let byte: decoded.append(byte)
            }
            index += 1
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw BadEnvelope("The URL's parameters are not UTF-8.")
        }
        return text
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
