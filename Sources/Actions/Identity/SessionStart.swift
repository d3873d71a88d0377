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

    func run(
        user: UUID,
        method: String,
        deviceName: String?,
        in transaction: Transaction
    ) async throws -> (tokens: IssuedTokens, ended: [UUID]) {
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
        var asked = StatementBatch()
        let ended = asked.insert(session, limit: services.options.sessionLimit)
        let calledOff = asked.cancelOwnErasure(of: user)
        asked.insertRefreshToken(hash: refreshToken.hash, session: session.id, expiresAt: expiresAt)
        let found = asked.sessionOwner(session.id)
        let isNewDevice = asked.isNewDevice(session.id, of: user)
        try await transaction.run(asked)
        if let request = try calledOff.get() {
            try await AccountDeleteCancel.tell(request, services, from: client, in: transaction)
        }
        let owner = try found.get()
        let tokens = IssuedTokens(
            access: services.accessTokens.draft(owner.user, session: session.id, at: now),
            refreshToken: refreshToken.text,
            refreshTokenExpiresAt: expiresAt,
            session: owner.session,
            user: owner.user
        )
        if try isNewDevice.get() {
            try await SecurityNotice(services: services, client: client).started(session.id, of: user, in: transaction)
        }
        return (tokens, try ended.get())
    }
}
