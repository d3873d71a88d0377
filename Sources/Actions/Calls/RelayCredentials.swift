internal import Credentials
internal import Data
package import PostgresClient

/// A server that helps browsers to find each other, and what it asks for.
package struct IceServerEntry: Sendable, Equatable {
    package let urls: [String]
    package let username: String?
    package let credential: String?
    package let expiresAt: Timestamp?
}

extension CallOptions {
    /// What `user` may use for a while. TURN servers know by the shared secret that this server has let them in:
    /// https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00
    package func iceServers(for user: UUID, at now: Timestamp) -> [IceServerEntry] {
        var entries: [IceServerEntry] = []
        if !stunURLs.isEmpty {
            entries.append(IceServerEntry(urls: stunURLs, username: nil, credential: nil, expiresAt: nil))
        }
        if !turnURLs.isEmpty, let turnSecret {
            let expiry = now.microseconds / 1_000_000 + turnSeconds
            let username = "\(expiry):\(GlobalID.text("usr", user))"
            let hash = Digest.hmacSHA1(Array(username.utf8), key: Array(turnSecret.utf8))
            entries.append(
                IceServerEntry(
                    urls: turnURLs,
                    username: username,
                    credential: Base64.encode(hash),
                    expiresAt: Timestamp(microseconds: expiry * 1_000_000)
                )
            )
        }
        return entries
    }
}
