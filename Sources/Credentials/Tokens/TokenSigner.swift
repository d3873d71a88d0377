package import EventLoop

/// Signs JSON web tokens, and checks those that it and its predecessors have signed.
package struct TokenSigner: Sendable {
    package typealias Refusal = TokenRefusal

    private let verifier: TokenVerifier
    /// Signs; the others check what they signed before they were replaced.
    private let current: SignatureKey
    /// Where RSA signs: a key of 2048 bits takes a quarter to half of a millisecond, one of 4096 several whole ones.
    private let pool: BlockingPool?

    package var issuer: String { verifier.issuer }
    package var audience: String { verifier.audience }

    /// Nil when `current` cannot sign, or two keys have one id.
    ///
    /// - Parameter pool: threads for signatures by RSA; nil for those of the loop. All others take microseconds.
    package init?(
        issuer: String,
        audience: String,
        current: SignatureKey,
        previous: [SignatureKey] = [],
        skewSeconds: Double = 30,
        pool: BlockingPool? = nil
    ) {
        let keys = [current] + previous
        guard current.canSign, Set(keys.map(\.id)).count == keys.count else { return nil }
        verifier = TokenVerifier(issuer: issuer, audience: audience, keys: keys, skewSeconds: skewSeconds)
        self.current = current
        self.pool = current.algorithm == .rs256 ? pool : nil
    }

    /// The public keys of the pairs among those that sign and check, as the list that other programs read.
    package var publishedKeys: String { PublicKey.list(verifier.keys) }

    /// Throws `BlockingPool.Refusal` when too many wait already.
    package func sign(_ claims: [(String, JSONValue)]) async throws -> String {
        guard let pool else { return signedHere(claims) }
        return try await pool.run { signedHere(claims) }
    }

    /// Signs on the thread of the caller.
    func signedHere(_ claims: [(String, JSONValue)]) -> String {
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

    /// A token that is right at this time.
    package func verify(_ text: String, atSeconds now: Double) throws(Refusal) -> VerifiedToken {
        try verifier.verify(text, atSeconds: now)
    }
}
