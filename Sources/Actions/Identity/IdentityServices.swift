package import Credentials
package import Data
internal import EventLoop
package import PostgresClient

/// What the actions on accounts and sessions work with, beside who asks.
package struct IdentityServices: Sendable {
    package let database: Database
    package let hasher: PasswordHasher
    package let options: IdentityOptions
    /// Encrypts single values in the database.
    package let cipher: FieldCipher
    let accessTokens: AccessTokens
    let directory: RecentOwners<UUID, SessionOwnerRow>
    let keys: RecentOwners<String, APIKeyOwnerRow>
    /// For entries that anybody can bring about.
    package let boundedLog: BoundedAuditLog
    package let auditTail: AuditTail
    /// Those whose use was written down within the last minute.
    let notedKeys: RecentOwners<String, Bool>
    let clock: @Sendable () -> Timestamp
    package let watch = SuspicionWatch()
    /// Hears of what looks like an attack; nil where nobody wants to know.
    package var suspects: (@Sendable (Suspicion) -> Void)?

    package init(
        database: Database,
        hasher: PasswordHasher,
        signer: TokenSigner,
        cipher: FieldCipher,
        options: IdentityOptions = IdentityOptions(),
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.database = database
        self.hasher = hasher
        self.options = options
        self.cipher = cipher
        self.clock = clock
        accessTokens = AccessTokens(
            signer: signer,
            lifetimeSeconds: options.accessTokenSeconds,
            knownLimit: options.sessionCacheLimit
        )
        directory = RecentOwners(limit: options.sessionCacheLimit, seconds: options.sessionCacheSeconds)
        keys = RecentOwners(limit: options.sessionCacheLimit, seconds: options.sessionCacheSeconds)
        boundedLog = BoundedAuditLog(perMinute: options.refusalsPerMinute)
        auditTail = AuditTail(limit: options.auditListeners, interval: options.auditTailInterval)
        notedKeys = RecentOwners(limit: options.sessionCacheLimit, seconds: 60)
    }

    package func newID() -> UUID {
        var random = SecureRandom()
        return UUID(milliseconds: UInt64(max(0, clock().microseconds)) / 1_000, random: &random)
    }

    /// Who an access token stands for; nil once its session has ended. What was good when it was shown stays so: a socket
    /// or a subscription goes on with its session, not with the token it began with.
    ///
    /// Costs a statement when the session was not asked for within the last second, so that an ended session is known
    /// everywhere a second later; where it was ended it is known at once.
    package func principal(_ token: ShownToken) async throws -> Principal? {
        let now = clock()
        guard let claims = token.claims(accessTokens) else { return nil }
        let known = directory.owner(of: claims.sessionID, at: now)
        let owner: SessionOwnerRow
        if let known {
            owner = known
        } else {
            guard let loaded = try await sharedOwner(of: claims.sessionID) else { return nil }
            directory.remember(loaded, as: loaded.session.id, at: now)
            owner = loaded
        }
        guard owner.isGood(at: now, epoch: claims.epoch), owner.session.userID == claims.userID else { return nil }
        return Principal(user: owner.user, session: owner.session)
    }

    package var now: Timestamp { clock() }

    /// The public keys by which other programs check access tokens, as JSON.
    package var publishedKeys: String { accessTokens.signer.publishedKeys }

    /// Whether somebody who was let in may stay: their session lives and their account is open. Known as freshly as in
    /// `principal`, and does not end with the token that let them in.
    package func goesOn(_ principal: Principal) async throws -> Bool {
        let now = clock()
        let id: UUID
        switch principal.proof {
        case .session(let session): id = session.id
        case .key(let key):
            // With the secret that let it in, which may have been replaced since.
            guard let hash = principal.secretHash, let owner = try await apiKeyOwner(prefix: key.prefix),
                counts(hash, for: owner, at: now), isGood(owner, at: now)
            else { return false }
            try await noteUse(of: owner, at: now)
            return true
        }
        let known = directory.owner(of: id, at: now) { $0.isGood(at: now, epoch: principal.user.sessionEpoch) }
        if let known { return known }
        guard let owner = try await sharedOwner(of: id) else { return false }
        directory.remember(owner, as: id, at: now)
        return owner.isGood(at: now, epoch: principal.user.sessionEpoch)
    }

    /// Thousands of subscriptions ask this in the same moment: they share a statement.
    private func sharedOwner(of session: UUID) async throws -> SessionOwnerRow? {
        guard let loop = EventLoop.current else { return try await database.session.sessionOwner(session) }
        let owners = loop.local(of: directory) {
            SharedLoad<UUID, SessionOwnerRow>(on: loop) { [database] ids in
                let rows = try await database.session.sessionOwners(ids)
                return Dictionary(rows.map { ($0.session.id, $0) }) { first, _ in first }
            }
        }
        return try await owners.value(for: session)
    }

    /// Takes from a bucket; throws when it is empty.
    func limit(_ action: String, by key: String, _ size: Int, perSeconds window: Int) async throws {
        try await limit(action, by: key, size, perSeconds: window) { _ in }
    }

    /// The same, and what is asked in the same message.
    func limit<Asked: Sendable>(
        _ action: String,
        by key: String,
        _ size: Int,
        perSeconds window: Int,
        beside ask: @escaping @Sendable (inout StatementBatch) -> Asked
    ) async throws -> Asked {
        let (taken, asked) = try await database.pool.transaction { transaction in
            let taken = transaction.lastly.takeFromBucket("\(action):\(key)", size: size, windowSeconds: window)
            return (taken, ask(&transaction.lastly))
        }
        if let wait = try taken.wait() { throw TooManyRequests(retryAfterSeconds: max(1, Int(wait.rounded(.up)))) }
        return asked
    }

    /// Holds up those who try out the tokens of links.
    package func limitTokens(from client: ClientInfo) async throws {
        try await limit("token", by: client.limitKey, options.tokensPerMinute, perSeconds: 60)
    }
}

/// What can be set about accounts and sessions.
package struct IdentityOptions: Sendable {
    package var accessTokenSeconds = 900
    package var refreshTokenSeconds = 30 * 86_400
    /// How long a spent refresh token still gets the successor it got before, for answers that were lost.
    package var refreshGraceSeconds = 10
    /// Sessions of one user; beyond, the one not used for longest ends.
    package var sessionLimit: Int32 = 50
    package var sessionCacheSeconds = 1.0
    package var sessionCacheLimit = 10_000
    package var signInsPerMinute = 10
    /// Codes of one account, wherever they come from.
    package var secondStepsPerMinute = 10
    package var registrationsPerHour = 10
    package var refreshesPerMinute = 60
    /// Of signing in by accounts elsewhere, of which each takes four.
    package var oauthStepsPerMinute = 80
    /// Tokens of links in mails.
    package var tokensPerMinute = 20
    /// Between asking for an account to be deleted and its erasure.
    package var deletionGraceSeconds = 30 * 86_400
    /// Living keys of one user.
    package var keyLimit = 50
    /// Mails that somebody may have sent to an address, from an address of the network, or for an account.
    package var mailsPerHour = 5
    /// Entries of refusals and failures that a process adds to the audit log.
    package var refusalsPerMinute = 600
    /// How many may listen to the audit log in a process, and how often it is looked at for them.
    package var auditListeners = 100
    package var auditTailInterval = Duration.seconds(1)
    /// Copies of the audit log that a process hands out at a time, and how long the address of one is good.
    package var auditDownloads = 4
    package var auditExportSeconds: Int64 = 300
    package var auditExportsPerHour = 10

    package init() {}
}

extension IdentityServices {
    package func hasSignedInRecently(_ principal: Principal) -> Bool { principal.hasSignedInRecently(at: clock()) }
}

extension SessionOwnerRow {
    fileprivate func isGood(at now: Timestamp, epoch: Int32) -> Bool {
        session.revokedAt == nil && session.expiresAt > now && user.sessionEpoch == epoch
            && ["ACTIVE", "PENDING_VERIFICATION"].contains(user.status)
    }
}
