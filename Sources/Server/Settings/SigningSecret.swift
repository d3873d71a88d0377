import Credentials

/// What signs access tokens.
enum SigningSecret {
    /// Why a secret cannot be used in production; nil when it can.
    static func objection(to secret: String) -> String? {
        let bytes = Array(secret.utf8)
        if bytes.count < 32 { return "must have at least 32 characters" }
        if Set(bytes).count < 10 { return "repeats itself: take random characters" }
        let folded = secret.lowercased()
        let samples = ["change", "sample", "example", "secret", "default", "password", "your-", "your_", "development"]
        if samples.contains(where: folded.contains) { return "is a sample: take random characters" }
        return nil
    }

    /// The id of a key is of its hash, so that it is the same in all processes and tells nothing.
    static func key(_ secret: String) throws(SignatureKey.Fault) -> SignatureKey {
        let bytes = Array(secret.utf8)
        // Of use for tokens only, and always long enough; production has asked for more than that before.
        let derived = Digest.hmacSHA256(Array("atrium.access-token.1".utf8), key: bytes)
        return try SignatureKey(id: Base64URL.encode(Digest.sha256(derived).prefix(6)), secret: derived)
    }

    /// The one that is set, or that of this machine.
    static func of(_ configuration: Configuration) throws -> String {
        try configuration.signingSecret ?? ofThisMachine(".atrium/secret")
    }

    /// The secret of a machine where nothing is set: made once, and closed to everyone else.
    static func ofThisMachine(_ path: String) throws -> String {
        if let known = try TextFile.read(path), known.utf8.count >= 32 { return known }
        let secret = Base64URL.encode(SecureRandom.bytes(32))
        try TextFile.write(secret, to: path, mode: 0o600)
        return secret
    }
}
