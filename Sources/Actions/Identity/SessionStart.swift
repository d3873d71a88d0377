internal import Credentials
package import Data
package import PostgresClient

/// What somebody gets who has signed in.
package struct IssuedTokens: Sendable {
    let access: AccessTokenDraft
    package let refreshToken: String
    package let refreshTokenExpiresAt: Timestamp
    package let session: AuthSessionRow
    package let user: UserRow

    package var accessTokenExpiresAt: Timestamp { access.expiresAt }

    /// Signs it; asked for once, when the transaction that let them in is over.
    package func accessToken() async throws -> String { try await access.signed() }
}

/// A session with its first refresh token, as part of the transaction that lets somebody in: by one message to the database.
struct SessionStart {
    let services: IdentityServices
    let client: ClientInfo

    /// A session that is asked for; what came of it is known when the batch has run.
    struct Asked: Sendable {
        let id: UUID
        fileprivate let refreshToken: OpaqueToken
        fileprivate let expiresAt: Timestamp
        fileprivate let startedAt: Timestamp
        fileprivate let owner: Answer<SessionOwnerRow>
        fileprivate let ended: Answer<[UUID]>
    }

    func run(
        user: UUID,
        method: String,
        deviceName: String?,
        in transaction: Transaction
    ) async throws -> (tokens: IssuedTokens, ended: [UUID]) {
        var batch = StatementBatch()
        let calledOff = batch.cancelOwnErasure(of: user)
        let asked = ask(user: user, method: method, deviceName: deviceName, in: &batch)
        let isNewDevice = batch.isNewDevice(asked.id, of: user)
        try await transaction.run(batch)
        if let request = try calledOff.get() {
            try await AccountDeleteCancel.tell(request, services, from: client, in: transaction)
        }
        if try isNewDevice.get() {
            try await SecurityNotice(services: services, client: client).started(asked.id, of: user, in: transaction)
        }
        return try started(asked)
    }

    /// Only the session: neither is a deletion called off, nor anybody told.
    func ask(user: UUID, method: String, deviceName: String?, in batch: inout StatementBatch) -> Asked {
        let now = services.clock()
        let expiresAt = Timestamp(
            microseconds: now.microseconds + Int64(services.options.refreshTokenSeconds) * 1_000_000
        )
        let session = NewAuthSession(
            id: services.newID(),
            userID: user,
            method: method,
            deviceName: deviceName,
            userAgent: client.userAgent,
            address: client.address,
            expiresAt: expiresAt
        )
        let refreshToken = OpaqueToken.random(.refresh)
        let ended = batch.insert(session, limit: services.options.sessionLimit)
        batch.insertRefreshToken(hash: refreshToken.hash, session: session.id, expiresAt: expiresAt)
        return Asked(
            id: session.id,
            refreshToken: refreshToken,
            expiresAt: expiresAt,
            startedAt: now,
            owner: batch.sessionOwner(session.id),
            ended: ended
        )
    }

    /// Once its batch has run; also the sessions that were ended to make room.
    func started(_ asked: Asked) throws -> (tokens: IssuedTokens, ended: [UUID]) {
        let owner = try asked.owner.get()
        let tokens = IssuedTokens(
            access: services.accessTokens.draft(owner.user, session: asked.id, at: asked.startedAt),
            refreshToken: asked.refreshToken.text,
            refreshTokenExpiresAt: asked.expiresAt,
            session: owner.session,
            user: owner.user
        )
        return (tokens, try asked.ended.get())
    }
}
