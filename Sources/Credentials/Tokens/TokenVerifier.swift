/// Why a token is not accepted. Answers to clients do not tell these apart, but for `expired`.
package enum TokenRefusal: Error, Equatable {
    case malformed
    case unknownKey
    case otherAlgorithm
    case badSignature
    case otherIssuer
    case otherAudience
    case expired
    case notYetValid
}

/// Checks JSON web tokens of one issuer for one audience: https://www.rfc-editor.org/rfc/rfc7519, with the advice of
/// https://www.rfc-editor.org/rfc/rfc8725
///
/// A token names its key; the key says which algorithm is right. What the token says of its algorithm only has to agree.
package struct TokenVerifier: Sendable {
    package static let maximumLength = 8_192

    package let issuer: String
    package let audience: String
    let keys: [SignatureKey]
    /// By how many seconds the clocks of servers may differ.
    private let skewSeconds: Double
    /// Whether a token may leave out the name of the only key there is.
    private let namesOptional: Bool

    package init(
        issuer: String,
        audience: String,
        keys: [SignatureKey],
        skewSeconds: Double = 30,
        namesOptional: Bool = false
    ) {
        self.issuer = issuer
        self.audience = audience
        self.keys = keys
        self.skewSeconds = skewSeconds
        self.namesOptional = namesOptional
    }

    /// The claims of a token that is right at this time.
    package func verify(_ text: String, atSeconds now: Double) throws(TokenRefusal) -> [String: JSONValue] {
        let utf8 = text.utf8
        guard utf8.count <= TokenVerifier.maximumLength else { throw .malformed }
        let parts = utf8.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3, let header = object(parts[0]), let signature = Base64URL.decode(parts[2]) else {
            throw .malformed
        }
        // An extension that must be understood is one that we do not.
        guard header["crit"] == nil else { throw .malformed }
        guard let key = key(named: header["kid"]) else { throw .unknownKey }
        guard header["alg"]?.string == key.algorithm.rawValue else { throw .otherAlgorithm }
        guard key.isSignature(signature, of: Array(utf8[..<parts[1].endIndex])) else { throw .badSignature }
        guard let claims = object(parts[1]) else { throw .malformed }
        try check(claims, now)
        return claims
    }

    /// When a token with claims that were verified once is good, in seconds: what is asked of them but the time does not change.
    package func times(of claims: [String: JSONValue]) -> Range<Double> {
        guard claims["iss"]?.string == issuer, claims["aud"]?.strings?.contains(audience) == true,
            let expiry = claims["exp"]?.number
        else { return 0..<0 }
        let start = claims["nbf"].map { $0.number ?? .infinity } ?? -.infinity
        return min(start - skewSeconds, expiry + skewSeconds)..<(expiry + skewSeconds)
    }

    private func key(named name: JSONValue?) -> SignatureKey? {
        guard let name else { return namesOptional && keys.count == 1 ? keys[0] : nil }
        return name.string.flatMap { id in keys.first { $0.id == id } }
    }

    private func check(_ claims: [String: JSONValue], _ now: Double) throws(TokenRefusal) {
        guard claims["iss"]?.string == issuer else { throw .otherIssuer }
        guard claims["aud"]?.strings?.contains(audience) == true else { throw .otherAudience }
        guard let expiry = claims["exp"]?.number else { throw .malformed }
        guard now < expiry + skewSeconds else { throw .expired }
        if let start = claims["nbf"] {
            guard let start = start.number else { throw .malformed }
            guard now >= start - skewSeconds else { throw .notYetValid }
        }
    }

    private func object(_ part: Substring.UTF8View) -> [String: JSONValue]? {
        Base64URL.decode(part).flatMap(JSONValue.init(json:))?.object
    }
}
