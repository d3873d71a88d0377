internal import Credentials

/// The keys by which a provider signs: https://www.rfc-editor.org/rfc/rfc7517#section-5
enum OpenIDKeys {
    private static let limit = 32

    /// Those for RS256; a token that names another is refused, so is one that names none where there are several.
    static func read(_ json: JSONValue?) throws(ProviderFault) -> [SignatureKey] {
        guard let items = json?.object?["keys"]?.list, items.count <= limit else {
            throw .unavailable("the keys are no JSON")
        }
        return items.compactMap(\.object).compactMap { item in
            guard item["kty"]?.string == "RSA", item["use"].map({ $0.string == "sig" }) ?? true,
                item["alg"].map({ $0.string == SignatureAlgorithm.rs256.rawValue }) ?? true,
                let modulus = item["n"]?.string.flatMap({ Base64URL.decode($0) }),
                let exponent = item["e"]?.string.flatMap({ Base64URL.decode($0) })
            else { return nil }
            return try? SignatureKey(id: item["kid"]?.string ?? "", modulus: modulus, exponent: exponent)
        }
    }
}
