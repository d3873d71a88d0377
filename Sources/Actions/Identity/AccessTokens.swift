import Credentials
import Data
import PostgresClient
import Synchronization

/// Tokens that show for a quarter of an hour who somebody is.
struct AccessTokens: Sendable {
    struct Claims: Sendable {
        let userID: UUID
        let sessionID: UUID
        let epoch: Int32
    }

    let signer: TokenSigner
    let lifetimeSeconds: Int
    private let known: KnownTokens

    /// - Parameter knownLimit: tokens whose signatures are remembered.
    init(signer: TokenSigner, lifetimeSeconds: Int, knownLimit: Int) {
        self.signer = signer
        self.lifetimeSeconds = lifetimeSeconds
        known = KnownTokens(limit: knownLimit)
    }

    /// What somebody is to get who was let in, without its signature: that may take other threads, which nobody waits for with
    /// a transaction open.
    func draft(_ user: UserRow, session: UUID, at now: Timestamp) -> AccessTokenDraft {
        let seconds = now.microseconds / 1_000_000
        let expiry = seconds + Int64(lifetimeSeconds)
        let claims: [(String, JSONValue)] = [
            ("sub", .string(GlobalID.text("usr", user.id))),
            ("sid", .string(GlobalID.text("ses", session))),
            ("epoch", .number(Double(user.sessionEpoch))),
            ("roles", .list(user.roles.map(JSONValue.string))),
            ("iat", .number(Double(seconds))),
            ("nbf", .number(Double(seconds))),
            ("exp", .number(Double(expiry))),
        ]
        return AccessTokenDraft(
            claims: claims,
            signer: signer,
            expiresAt: Timestamp(microseconds: expiry * 1_000_000)
        )
    }

    /// Nil for what is no token of ours, or not of this time. Which of these it is helps nobody but an attacker.
    ///
    /// A token is asked about for each request: its signature is looked at once.
    func read(_ text: String, at now: Timestamp) -> Claims? {
        let seconds = Double(now.microseconds) / 1_000_000
        if let token = known[text] { return token.times.contains(seconds) ? token.claims : nil }
        guard let all = try? signer.verify(text, atSeconds: seconds),
            let user = all["sub"]?.string.flatMap({ GlobalID.uuid("usr", $0) }),
            let session = all["sid"]?.string.flatMap({ GlobalID.uuid("ses", $0) }),
            let epoch = all["epoch"]?.number.flatMap({ Int32(exactly: $0) })
        else { return nil }
        let claims = Claims(userID: user, sessionID: session, epoch: epoch)
        known.remember(text, KnownTokens.Token(times: all.times, claims: claims))
        return claims
    }
}

/// An access token that wants its signature only.
struct AccessTokenDraft: Sendable {
    fileprivate let claims: [(String, JSONValue)]
    fileprivate let signer: TokenSigner
    let expiresAt: Timestamp

    func signed() async throws -> String { try await signer.sign(claims) }
}

/// Tokens whose signatures were found good: which they are for ever, as long as their time lasts.
private final class KnownTokens: Sendable {
    struct Token {
        let times: Range<Double>
        let claims: AccessTokens.Claims
    }

    private let limit: Int
    private let tokens = Mutex<[String: Token]>([:])

    init(limit: Int) { self.limit = limit }

    subscript(text: String) -> Token? { tokens.withLock { $0[text] } }

    /// When there are as many as there may be, all are forgotten: those in use are known again at once.
    func remember(_ text: String, _ token: Token) {
        tokens.withLock { tokens in
            if tokens.count >= limit { tokens = [:] }
            tokens[text] = token
        }
    }
}
