/// The half of a pair of keys that others get, as https://www.rfc-editor.org/rfc/rfc7517 writes it.
package enum PublicKey: Sendable, Equatable {
    case rsa(modulus: [UInt8], exponent: [UInt8])
    case p256(x: [UInt8], y: [UInt8])

    /// What names it: a hash of nothing but the key, so that it is the same wherever it is known.
    /// https://www.rfc-editor.org/rfc/rfc7638
    package var thumbprint: String { Base64URL.encode(Digest.sha256(JSONValue.json(numbers).utf8)) }

    /// The list of these keys, by which other programs check what is signed here: https://www.rfc-editor.org/rfc/rfc7517#section-5
    package static func list(_ keys: [SignatureKey]) -> String {
        let written = keys.compactMap { key in
            key.published.map {
                JSONValue.json(
                    [
                        ("alg", .string(key.algorithm.rawValue)), ("kid", .string(key.id)), ("use", .string("sig")),
                    ] + $0.numbers
                )
            }
        }
        return "{\"keys\":[" + written.joined(separator: ",") + "]}"
    }

    /// What makes the key and nothing else, in the order of its thumbprint.
    private var numbers: [(String, JSONValue)] {
        func text(_ bytes: [UInt8]) -> JSONValue { .string(Base64URL.encode(bytes)) }
        return switch self {
        case .rsa(let modulus, let exponent): [("e", text(exponent)), ("kty", .string("RSA")), ("n", text(modulus))]
        case .p256(let x, let y):
            [("crv", .string("P-256")), ("kty", .string("EC")), ("x", text(x)), ("y", text(y))]
        }
    }
}
