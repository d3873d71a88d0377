internal import Credentials
package import Data
package import PostgresClient

extension IdentityServices {
    /// Whether a text is written as keys are, not as access tokens.
    package static func isAPIKey(_ text: String) -> Bool { text.hasPrefix(APIKeySecret.mark) }

    /// Whom a key acts for; nil once it is over, and from where it may not be used.
    ///
    /// Costs a statement when the key was not shown within the last second, and once a minute another that writes down its
    /// use.
    package func principal(apiKey text: String, from address: InternetAddress?) async throws -> Principal? {
        let now = clock()
        guard let secret = APIKeySecret(text), let owner = try await apiKeyOwner(prefix: secret.prefix),
            hasSecret(owner, secret, at: now), isGood(owner, at: now), owner.key.admits(address)
        else { return nil }
        return Principal(user: owner.user, key: owner.key)
    }

    /// Whose a key is, if it was shown a moment ago.
    func knownOwner(apiKey text: String) -> UUID? {
        let now = clock()
        guard let secret = APIKeySecret(text), let owner = keys.owner(of: secret.prefix, at: now),
            hasSecret(owner, secret, at: now), isGood(owner, at: now)
        else { return nil }
        return owner.user.id
    }

    /// As fresh as sessions are.
    func apiKeyOwner(prefix: String) async throws -> APIKeyOwnerRow? {
        let now = clock()
        if let known = keys.owner(of: prefix, at: now) { return known }
        guard let owner = try await database.session.apiKeyOwner(prefix: prefix) else { return nil }
        keys.remember(owner, as: prefix, at: now)
        let lastUse = owner.key.lastUsedAt?.microseconds ?? 0
        if isGood(owner, at: now), now.microseconds - lastUse > 60_000_000 {
            try await database.pool.transaction { try await $0.touchAPIKey(owner.key.id) }
        }
        return owner
    }

    func isGood(_ owner: APIKeyOwnerRow, at now: Timestamp) -> Bool {
        owner.key.isGood(at: now) && owner.reachesTeam
            && ["ACTIVE", "PENDING_VERIFICATION"].contains(owner.user.status)
    }

    private func hasSecret(_ owner: APIKeyOwnerRow, _ secret: APIKeySecret, at now: Timestamp) -> Bool {
        if secret.has(hash: owner.hash.content) { return true }
        guard let previous = owner.previousHash, let until = owner.previousValidUntil, now < until else { return false }
        return secret.has(hash: previous.content)
    }

    /// What is known of who asks is read anew.
    func forget(_ principal: Principal) {
        switch principal.proof {
        case .session(let session): directory.forget([session.id])
        case .key(let key): keys.forget([key.prefix])
        }
    }
}

extension APIKeyRow {
    /// Neither revoked nor over.
    package func isGood(at now: Timestamp) -> Bool { !isRevoked && expiresAt.map { $0 > now } != false }

    /// Whether it may be used from there.
    func admits(_ address: InternetAddress?) -> Bool {
        guard !allowedRanges.isEmpty else { return true }
        guard let address else { return false }
        return allowedRanges.contains { InternetAddress(text: $0).map(address.isIn) == true }
    }
}
