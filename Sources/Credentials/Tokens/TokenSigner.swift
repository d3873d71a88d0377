/// Signs JSON web tokens, and checks those that it and its predecessors have signed.
package struct TokenSigner: Sendable {
    package typealias Refusal = TokenRefusal

    private let verifier: TokenVerifier
    /// Signs; the others check what they signed before they were replaced.
    private let current: SignatureKey

    package var issuer: String { verifier.issuer }
    package var audience: String { verifier.audience }

    /// Nil when `current` cannot sign, or two keys have one id.
    package init?(
        issuer: String,
        audience: String,
        current: SignatureKey,
        previous: [SignatureKey] = [],
        skewSeconds: Double = 30
    ) {
        let keys = [current] + previous
        guard current.canSign, Set(keys.map(\.id)).count == keys.count else { return nil }
        verifier = TokenVerifier(issuer: issuer, audience: audience, keys: keys, skewSeconds: skewSeconds)
        self.current = current
    }

    package func sign(_ claims: [(String, JSONValue)]) -> String {
        let header = JSONValue.json([
            ("alg", .string(current.algorithm.rawValue)), ("typ", .string("JWT")), ("kid", .string(current.id)),
        ])
        let payload = JSONValue.json([("iss", .string(issuer)), ("aud", .string(audience))] + claims)
        let message = Base64URL.encode(header.utf8) + "." + Base64URL.encode(payload.utf8)
        let signature = current.signature(of: Array(message.utf8))
        // The initializer has made sure that it can.
        precondition(signature != nil, "the current key signs")
        return message + "." + Base64URL.encode(signature ?? [])
    }

    /// The claims of a token that is right at this time.
    package func verify(_ text: String, atSeconds now: Double) throws(Refusal) -> [String: JSONValue] {
        try verifier.verify(text, atSeconds: now)
    }

    /// When a token with claims that were verified once is good, in seconds.
    package func times(of claims: [String: JSONValue]) -> Range<Double> { verifier.times(of: claims) }
}
