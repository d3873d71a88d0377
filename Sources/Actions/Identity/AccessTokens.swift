import Credentials
import Data
import PostgresClient

/// Tokens that show for a quarter of an hour who somebody is.
struct AccessTokens: Sendable {
    struct Claims {
        let userID: UUID
        let sessionID: UUID
        let epoch: Int32
    }

    let signer: TokenSigner
    let lifetimeSeconds: Int

    func issue(_ user: UserRow, session: UUID, at now: Timestamp) -> (text: String, expiresAt: Timestamp) {
        let seconds = now.microseconds / 1_000_000
        let expiry = seconds + Int64(lifetimeSeconds)
        let text = signer.sign([
            ("sub", .string(GlobalID.text("usr", user.id))),
            ("sid", .string(GlobalID.text("ses", session))),
            ("epoch", .number(Double(user.sessionEpoch))),
            ("roles", .list(user.roles.map(ClaimValue.string))),
            ("iat", .number(Double(seconds))),
            ("nbf", .number(Double(seconds))),
            ("exp", .number(Double(expiry))),
        ])
        return (text, Timestamp(microseconds: expiry * 1_000_000))
    }

    /// Nil for what is no token of ours, or not of this time. Which of these it is helps nobody but an attacker.
    func read(_ text: String, at now: Timestamp) -> Claims? {
        guard let claims = try? signer.verify(text, atSeconds: Double(now.microseconds) / 1_000_000),
            let user = claims["sub"]?.string.flatMap({ GlobalID.uuid("usr", $0) }),
            let session = claims["sid"]?.string.flatMap({ GlobalID.uuid("ses", $0) }),
            let epoch = claims["epoch"]?.number.flatMap({ Int32(exactly: $0) })
        else { return nil }
        return Claims(userID: user, sessionID: session, epoch: epoch)
    }
}
