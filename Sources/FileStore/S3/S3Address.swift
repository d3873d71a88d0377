/// Where an object is, in the parts that are signed.
struct S3Address {
    private let base: String
    let host: String
    /// As it is sent.
    let path: String
    var query: [(name: String, value: String)]

    /// - Parameters:
    ///   - base: with a scheme, and without a slash at its end.
    ///   - key: begins without a slash; empty for the bucket.
    init(_ base: String, _ key: String, _ query: [(name: String, value: String)] = []) {
        let scheme = base.firstRange(of: "://")?.upperBound ?? base.startIndex
        let slash = base[scheme...].firstIndex(of: "/") ?? base.endIndex
        self.base = String(base[..<slash])
        host = String(base[scheme..<slash])
        path = base[slash...] + "/" + key.split(separator: "/").map { Self.encoded($0) }.joined(separator: "/")
        self.query = query
    }

    var text: String { query.isEmpty ? base + path : "\(base)\(path)?\(queryText)" }

    /// In the order in which it is signed.
    var queryText: String {
        query.map { (Self.encoded($0.name), Self.encoded($0.value)) }.sorted { $0 < $1 }
            .map { "\($0)=\($1)" }.joined(separator: "&")
    }

    /// https://www.rfc-editor.org/rfc/rfc3986#section-2.3
    private static func encoded(_ text: some StringProtocol) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
