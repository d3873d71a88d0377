internal import Credentials
internal import Data
package import PostgresClient

/// Exchanges a refresh token for new tokens. Each is used once: who uses one again has lost it or stolen it, and either way
/// the session ends: https://www.rfc-editor.org/rfc/rfc9700#section-4.14
package struct SessionRefresh {
    package enum Failure: Error, Sendable, Equatable {
        case tokenInvalid
        case tokenExpired
        /// The session has been ended by this.
        case tokenReused
    }

    private let services: IdentityServices
    private let client: ClientInfo

    package init(_ services: IdentityServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    package func run(refreshToken text: String) async throws -> Result<IssuedTokens, Failure> {
        try await services.limit("refresh", by: client.limitKey, services.options.refreshesPerMinute, perSeconds: 60)
        guard let token = OpaqueToken(text, .refresh) else { return .failure(.tokenInvalid) }
        let outcome = try await services.database.pool.transaction { try await exchange(token, in: $0) }
        // A session that ended or whose times have changed is read anew.
        if let session = outcome.session { services.directory.forget([session]) }
        return outcome.result
    }

    /// Ends the session of the token in place of going on with it; nil where there is none that lives.
    package func end(refreshToken text: String) async throws -> UUID? {
        try await services.limit("refresh", by: client.limitKey, services.options.refreshesPerMinute, perSeconds: 60)
        guard let token = OpaqueToken(text, .refresh) else { return nil }
        let session = try await services.database.pool.transaction { transaction -> UUID? in
            guard let row = try await transaction.lockRefreshToken(hash: token.hash),
                let owner = try await transaction.sessionOwner(row.sessionID)
            else { return nil }
            let (user, session) = (owner.user.id, owner.session.id)
            let ended = try await transaction.revokeSessions([session], of: user, reason: "SIGNED_OUT")
            guard !ended.isEmpty else { return nil }
            let resource = NewAuditEntry.Resource(type: "AuthSession", id: GlobalID.text("ses", session))
            try await transaction.record(
                NewAuditEntry("session.revoke", .succeeded, by: user, on: resource, from: client)
            )
            return session
        }
        if let session { services.directory.forget([session]) }
        return session
    }

    private struct Outcome: Sendable {
        let result: Result<IssuedTokens, Failure>
        let session: UUID?

        static func failure(_ failure: Failure, _ session: UUID? = nil) -> Outcome {
            Outcome(result: .failure(failure), session: session)
        }
    }

    private func exchange(_ token: OpaqueToken, in transaction: Transaction) async throws -> Outcome {
        guard let row = try await transaction.lockRefreshToken(hash: token.hash),
            let owner = try await transaction.sessionOwner(row.sessionID),
            owner.session.revokedAt == nil, ["ACTIVE", "PENDING_VERIFICATION"].contains(owner.user.status)
        else { return .failure(.tokenInvalid) }
        let now = services.clock()
        guard row.expiresAt > now, owner.session.expiresAt > now else { return .failure(.tokenExpired) }
        if let usedAt = row.usedAt {
            guard let successor = lostSuccessor(of: token, row, owner, usedAt, now) else {
                return try await endReused(owner, in: transaction)
            }
            return answer(owner, successor, expiresAt: owner.session.expiresAt, now)
        }
        let expiresAt = Timestamp(
            microseconds: now.microseconds + Int64(services.options.refreshTokenSeconds) * 1_000_000
        )
        let successor = OpaqueToken.random(.refresh)
        try await transaction.spendRefreshToken(hash: token.hash, sealedSuccessor: token.seal(successor: successor))
        try await transaction.insertRefreshToken(
            hash: successor.hash,
            session: row.sessionID,
            generation: row.generation + 1,
            expiresAt: expiresAt
        )
        try await transaction.touchSession(row.sessionID, address: client.address, expiresAt: expiresAt)
        return answer(owner, successor, expiresAt: expiresAt, now)
    }

    /// What was answered a moment ago to the same device, if that answer may have been lost.
    private func lostSuccessor(
        of token: OpaqueToken,
        _ row: RefreshTokenRow,
        _ owner: SessionOwnerRow,
        _ usedAt: Timestamp,
        _ now: Timestamp
    ) -> OpaqueToken? {
        let grace = Int64(services.options.refreshGraceSeconds) * 1_000_000
        guard !row.isSuccessorUsed, now.microseconds - usedAt.microseconds < grace,
            owner.session.userAgent == client.userAgent
        else { return nil }
        return row.sealedSuccessor.flatMap { token.successor(in: $0.content) }
    }

    private func endReused(_ owner: SessionOwnerRow, in transaction: Transaction) async throws -> Outcome {
        let session = owner.session.id
        transaction.afterCommit { [services, client] in services.suspect(.tokenReused, owner.user.id, client) }
        _ = try await transaction.revokeSessions([session], of: owner.user.id, reason: "TOKEN_REUSED")
        try await transaction.spendOneTimeTokens(askedBy: [session], of: owner.user.id)
        let resource = NewAuditEntry.Resource(type: "AuthSession", id: GlobalID.text("ses", session))
        try await transaction.record(
            NewAuditEntry(
                "session.refresh",
                .refused,
                by: owner.user.id,
                on: resource,
                from: client,
                errorCode: "TOKEN_REUSED"
            )
        )
        try await SecurityNotice(services: services, client: client)
            .endedByReuse(session, of: owner.user.id, in: transaction)
        return .failure(.tokenReused, session)
    }

    private func answer(
        _ owner: SessionOwnerRow,
        _ token: OpaqueToken,
        expiresAt: Timestamp,
        _ now: Timestamp
    ) -> Outcome {
        let tokens = IssuedTokens(
            access: services.accessTokens.draft(owner.user, session: owner.session.id, at: now),
            refreshToken: token.text,
            refreshTokenExpiresAt: expiresAt,
            session: owner.session,
            user: owner.user
        )
        return Outcome(result: .success(tokens), session: owner.session.id)
    }
}
