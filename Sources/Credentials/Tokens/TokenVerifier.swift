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

/// What a token says whose signature is good, and when it is to be believed.
package struct VerifiedToken: Sendable {
    package let claims: [String: JSONValue]
    /// In seconds since 1970.
    package let times: Range<Double>

    package subscript(name: String) -> JSONValue? { claims[name] }
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

    /// A token that is right at this time.
    package func verify(_ text: String, atSeconds now: Double) throws(TokenRefusal) -> VerifiedToken {
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
        let times = try times(of: claims)
        guard now < times.upperBound else { throw .expired }
        guard now >= times.lowerBound else { throw .notYetValid }
        return VerifiedToken(claims: claims, times: times)
    }

    /// When claims are good: all that is asked of them, but for what time it is.
    private func times(of claims: [String: JSONValue]) throws(TokenRefusal) -> Range<Double> {
        guard claims["iss"]?.string == issuer else { throw .otherIssuer }
        guard claims["aud"]?.strings?.contains(audience) == true else { throw .otherAudience }
        guard let expiry = claims["exp"]?.number else { throw .malformed }
        let end = expiry + skewSeconds
        guard let begin = claims["nbf"] else { return -.infinity..<end }
        guard let start = begin.number else { throw .malformed }
        return min(start - skewSeconds, end)..<end
    }

    private func key(named name: JSONValue?) -> SignatureKey? {
        guard let name else { return namesOptional && keys.count == 1 ? keys[0] : nil }
        return name.string.flatMap { id in keys.first { $0.id == id } }
    }

    private func object(_ part: Substring.UTF8View) -> [String: JSONValue]? {
        Base64URL.decode(part).flatMap(JSONValue.init(json:))?.object
    }
}
