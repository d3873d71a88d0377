internal import Credentials
package import Data
package import PostgresClient

extension IdentityServices {
    /// Whether a text is written as keys are, not as access tokens.
    package static func isAPIKey(_ text: String) -> Bool { text.hasPrefix(APIKeySecret.mark) }

    /// Whom a key acts for, or why it does not count.
    ///
    /// Costs a statement when the key was not shown within the last second, and once a minute another that writes down its
    /// use.
    package func principal(
        apiKey text: String,
        from address: InternetAddress?
    ) async throws -> Result<Principal, KeyRefusal> {
        let now = clock()
        guard let secret = APIKeySecret(text), let owner = try await apiKeyOwner(prefix: secret.prefix) else {
            return .failure(.unknown)
        }
        guard counts(secret.hash, for: owner, at: now) else { return .failure(.wrongSecret) }
        guard owner.key.isGood(at: now) else { return .failure(.over) }
        guard isGood(owner, at: now) else { return .failure(.owner) }
        guard owner.key.admits(address) else { return .failure(.address) }
        try await noteUse(of: owner, at: now)
        return .success(Principal(user: owner.user, key: owner.key, secretHash: secret.hash))
    }

    /// Whose a key is, if it was shown a moment ago.
    func knownOwner(apiKey text: String) -> UUID? {
        let now = clock()
        guard let secret = APIKeySecret(text), let owner = keys.owner(of: secret.prefix, at: now),
            counts(secret.hash, for: owner, at: now), isGood(owner, at: now)
        else { return nil }
        return owner.user.id
    }

    /// As fresh as sessions are.
    func apiKeyOwner(prefix: String) async throws -> APIKeyOwnerRow? {
        let now = clock()
        if let known = keys.owner(of: prefix, at: now) { return known }
        guard let owner = try await database.session.apiKeyOwner(prefix: prefix) else { return nil }
        keys.remember(owner, as: prefix, at: now)
        return owner
    }

    /// Writes down that a key was used, once a minute; only of one that was let in, as its prefix is no secret.
    func noteUse(of owner: APIKeyOwnerRow, at now: Timestamp) async throws {
        let lastUse = owner.key.lastUsedAt?.microseconds ?? 0
        guard now.microseconds - lastUse > 60_000_000, notedKeys.owner(of: owner.key.prefix, at: now) == nil else {
            return
        }
        notedKeys.remember(true, as: owner.key.prefix, at: now)
        try await database.pool.transaction { try await $0.touchAPIKey(owner.key.id) }
    }

    func isGood(_ owner: APIKeyOwnerRow, at now: Timestamp) -> Bool {
        owner.key.isGood(at: now) && owner.reachesTeam
            && ["ACTIVE", "PENDING_VERIFICATION"].contains(owner.user.status)
    }

    /// Whether a secret of this hash is the key's, or was until a while ago and still counts.
    func counts(_ hash: [UInt8], for owner: APIKeyOwnerRow, at now: Timestamp) -> Bool {
        if Digest.areEqual(hash, owner.hash.content) { return true }
        guard let previous = owner.previousHash, let until = owner.previousValidUntil, now < until else { return false }
        return Digest.areEqual(hash, previous.content)
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
