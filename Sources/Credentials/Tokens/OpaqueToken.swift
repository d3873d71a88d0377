/// A secret of 256 random bits that only its owner has: what is kept of it is its hash.
///
/// Its description hides it, so that it cannot slip into a log.
package struct OpaqueToken: Sendable, Equatable, CustomStringConvertible {
    /// Says in a text what the secret is for, so that people and scanners know one that leaked.
    package enum Purpose: String, Sendable, CaseIterable {
        case refresh = "mr"
        case emailVerification = "mv"
        case passwordReset = "mp"
        case emailChange = "me"
        case emailUndo = "mu"
        case mfaChallenge = "mc"
        case teamInvitation = "mt"
        case guestLink = "mg"
        /// Of a sign-in by an account elsewhere: who began it, which browser goes there, which one comes back, and what it
        /// is handed.
        case oauthState = "mos"
        case oauthTicket = "mot"
        case oauthBrowser = "mob"
        case oauthReturn = "mor"
        case oauthCode = "moc"
    }

    package let purpose: Purpose
    private let secret: [UInt8]

    private init(_ purpose: Purpose, _ secret: [UInt8]) {
        self.purpose = purpose
        self.secret = secret
    }

    package static func random(_ purpose: Purpose) -> OpaqueToken { OpaqueToken(purpose, SecureRandom.bytes(32)) }

    /// Nil for what is no token of this purpose.
    package init?(_ text: String, _ purpose: Purpose) {
        let prefix = purpose.rawValue + "_"
        guard text.utf8.count == prefix.utf8.count + 43, text.hasPrefix(prefix),
            let secret = Base64URL.decode(text.utf8.dropFirst(prefix.utf8.count))
        else { return nil }
        self.init(purpose, secret)
    }

    /// What the owner is given.
    package var text: String { purpose.rawValue + "_" + Base64URL.encode(secret) }

    /// What is kept; of use for one purpose only.
    package var hash: [UInt8] { Digest.sha256(Array(text.utf8)) }

    /// Bytes that nobody knows who has not got it, for one use each.
    package func derived(_ use: String) -> [UInt8] { Digest.hmacSHA256(Array(use.utf8), key: secret) }

    /// Seals the token that follows this one, so that whoever has this one, and nobody else, can open it.
    package func seal(successor: OpaqueToken) -> [UInt8] {
        let nonce = SecureRandom.bytes(12)
        return nonce + AES256GCM.seal(successor.secret, key: successorKey, nonce: nonce, associatedData: hash)
    }

    /// Nil for what this token has not sealed.
    package func successor(in sealed: [UInt8]) -> OpaqueToken? {
        guard sealed.count == 60 else { return nil }
        let secret = AES256GCM.open(
            Array(sealed[12...]),
            key: successorKey,
            nonce: Array(sealed[..<12]),
            associatedData: hash
        )
        return secret.map { OpaqueToken(purpose, $0) }
    }

    private var successorKey: [UInt8] { Digest.hmacSHA256(Array("atrium.successor.1".utf8), key: secret) }

    package var description: String { "\(purpose.rawValue)_…" }
}
