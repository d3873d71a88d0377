package import Data
package import PostgresClient

/// Who is signed in, as it was a moment ago.
package struct Principal: Sendable, Equatable {
    /// By what they showed who they are.
    package enum Proof: Sendable, Equatable {
        case session(AuthSessionRow)
        /// A program of theirs, which may do less.
        case key(APIKeyRow)
    }

    package let user: UserRow
    package let proof: Proof
    /// Of the secret that a program has shown: a key can have two for a while.
    let secretHash: [UInt8]?

    init(user: UserRow, session: AuthSessionRow) {
        self.user = user
        proof = .session(session)
        secretHash = nil
    }

    init(user: UserRow, key: APIKeyRow, secretHash: [UInt8]) {
        self.user = user
        proof = .key(key)
        self.secretHash = secretHash
    }

    /// For what only people do, not their programs.
    package var session: AuthSessionRow {
        get throws(NeedsSession) {
            guard case .session(let session) = proof else { throw NeedsSession() }
            return session
        }
    }

    package var key: APIKeyRow? { if case .key(let key) = proof { key } else { nil } }

    /// Whether they may be asked about this team at all: a key of a team reaches no other.
    package func reaches(_ team: UUID) -> Bool { key?.teamID.map { $0 == team } ?? true }

    /// Whether a program asks by a key that reaches one team and nothing else.
    package var isBoundToTeam: Bool { key?.teamID != nil }

    package func has(role: String) -> Bool { user.roles.contains(role) }

    /// Whether they proved within ten minutes who they are, which dangerous actions ask for.
    package func hasSignedInRecently(at now: Timestamp) -> Bool {
        guard case .session(let session) = proof else { return false }
        return now.microseconds - session.verifiedAt.microseconds < 600_000_000
    }
}

/// Where a request comes from: what is written to the log and to sessions.
package struct ClientInfo: Sendable {
    package let address: InternetAddress?
    package let userAgent: String
    package let requestID: String
    /// The prefix of the key by which a program asks.
    package var keyPrefix: String?
    /// On the key with which an action is asked for; the action settles it in its transaction.
    package private(set) var claim: IdempotencyClaim?

    package func with(_ claim: IdempotencyClaim) -> ClientInfo {
        var client = self
        client.claim = claim
        return client
    }

    /// Of the user agent at most 400 characters are kept, and nothing that would break a line of a log.
    package init(address: InternetAddress?, userAgent: String, requestID: String) {
        self.address = address
        self.userAgent = ClientInfo.visible(userAgent, limit: 400)
        self.requestID = requestID
    }

    /// The start of a text that others wrote, without control characters.
    static func visible(_ text: String, limit: Int) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.prefix(limit).filter { $0.value >= 0x20 && $0.value != 0x7f })
        )
    }

    /// Whom a limit by address counts together: one address, or all of a network of IPv6.
    var limitKey: String {
        guard let address else { return "none" }
        // A household or a rented server has at least 2^64 addresses.
        let bytes = address.bytes.count == 16 ? Array(address.bytes.prefix(8)) : address.bytes
        return bytes.map(String.init).joined(separator: ".")
    }
}

/// What a program asked for that only people do.
package struct NeedsSession: Error, Equatable {}

/// The answer to those who ask too often.
package struct TooManyRequests: Error, Equatable {
    package let retryAfterSeconds: Int
}
