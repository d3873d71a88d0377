/// The key of a program: `mk_live_PREFIX_SECRET`. The prefix is kept in clear and names the key; of the whole only the hash is
/// kept.
package struct APIKeySecret: Sendable, Equatable, CustomStringConvertible {
    package static let mark = "mk_live_"
    private static let prefixBytes = 9
    private static let secretBytes = 32

    /// Twelve characters, which are no secret.
    package let prefix: String
    private let secret: [UInt8]

    private init(prefix: String, secret: [UInt8]) {
        self.prefix = prefix
        self.secret = secret
    }

    package static func random() -> APIKeySecret {
        // The sign between the parts is not among the letters of a prefix.
        let prefix = Base64URL.encode(SecureRandom.bytes(prefixBytes)).replacing("_", with: "x").replacing(
            "-",
            with: "y"
        )
        return APIKeySecret(prefix: prefix, secret: SecureRandom.bytes(secretBytes))
    }

    /// Another secret of the same key.
    package static func successor(prefix: String) -> APIKeySecret {
        APIKeySecret(prefix: prefix, secret: SecureRandom.bytes(secretBytes))
    }

    /// Nil for what is no key.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        let start = APIKeySecret.mark.utf8.count
        guard bytes.count == start + 12 + 1 + 43, text.hasPrefix(APIKeySecret.mark),
            bytes[start + 12] == UInt8(ascii: "_"),
            bytes[start..<start + 12].allSatisfy({ $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }),
            Base64URL.decode(bytes[start..<start + 12]) != nil, let secret = Base64URL.decode(bytes[(start + 13)...])
        else { return nil }
        prefix = String(decoding: bytes[start..<start + 12], as: UTF8.self)
        self.secret = secret
    }

    /// What its owner is given, once.
    package var text: String { "\(APIKeySecret.mark)\(prefix)_\(Base64URL.encode(secret))" }

    /// What is kept.
    package var hash: [UInt8] { Digest.sha256(Array(text.utf8)) }

    package var description: String { "\(APIKeySecret.mark)\(prefix)_…" }
}
