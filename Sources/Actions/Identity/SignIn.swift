internal import Credentials
internal import Data
package import PostgresClient

/// Lets somebody in who knows their password.
package struct SignIn {
    package struct Input: Sendable {
        package let identifier: String
        package let password: String
        package let deviceName: String?

        package init(identifier: String, password: String, deviceName: String?) {
            self.identifier = identifier
            self.password = password
            self.deviceName = deviceName.map { ClientInfo.visible($0, limit: 80) }
        }
    }

    package enum Failure: Error, Sendable, Equatable {
        /// Wrong password, or nobody of that name: the answer and the time it takes are the same.
        case invalidCredentials
        case accountLocked(until: Timestamp)
        /// Told only to those who know the password.
        case accountSuspended

        /// As the audit log has it.
        var code: String {
            switch self {
            case .invalidCredentials: "INVALID_CREDENTIALS"
            case .accountLocked: "ACCOUNT_LOCKED"
            case .accountSuspended: "ACCOUNT_SUSPENDED"
            }
        }

        var refusal: SignInRefusal {
            switch self {
            case .invalidCredentials: .wrongPassword
            case .accountLocked: .locked
            case .accountSuspended: .suspended
            }
        }
    }

    private let services: IdentityServices
    private let client: ClientInfo

    package init(_ services: IdentityServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    package func run(_ input: Input) async throws -> Result<SignInOutcome, Failure> {
        let identifier = SignIn.normalized(input.identifier)
        let most = services.options.signInsPerMinute
        let (account, lock): (Answer<CredentialRow?>, SignInLock)
        do {
            (account, lock) = try await services.limit("sign_in", by: client.limitKey, most, perSeconds: 60) {
                [client] batch in
                let keys = SignIn.lockKeys(nil, identifier, client)
                let account = batch.credentials(identifier: identifier)
                return (account, batch.signInLock(ofIdentifier: identifier, otherwise: keys))
            }
        } catch let error as TooManyRequests {
            services.note(.limited, nil, nil, .none, client)
            throw error
        }
        let found = try account.get()
        let keys = SignIn.lockKeys(found?.user.id, identifier, client)
        if let until = try lock.until() {
            return try await refuse(found?.user.id, .accountLocked(until: until), keys)
        }
        let password = String(input.password.prefix(PasswordRules.maximumLength + 1))
        let verdict = try await services.hasher.verify(password, against: found?.passwordHash)
        guard let found, let proved = found.passwordHash, verdict.isCorrect,
            let isOpen = SignIn.isOpen(found.user.status)
        else {
            return try await refuse(found?.user.id, .invalidCredentials, keys)
        }
        guard isOpen else { return try await refuse(found.user.id, .accountSuspended, keys) }
        let renewedHash = verdict.isOutdated ? try await services.hasher.hash(password) : nil
        let outcome = try await start(found.user.id, proved, input.deviceName, renewedHash, keys)
        if case .failure(let failure) = outcome { return try await refuse(found.user.id, failure, keys) }
        return outcome
    }

    /// Refuses when the password was replaced, or the account suspended, closed or locked, while it was looked at: of many
    /// guesses that are sent at once, those that are looked at when there were too many are of no use.
    private func start(
        _ user: UUID,
        _ proved: String,
        _ deviceName: String?,
        _ renewedHash: String?,
        _ keys: SignInKeys
    ) async throws -> Result<SignInOutcome, Failure> {
        let start = SessionStart(services: services, client: client)
        let way: Result<Way, Failure> = try await services.database.pool.transaction { transaction in
            var asked = StatementBatch()
            // What is asked behind it is as those left it who held the account before.
            let held = asked.holdPassword(proved, of: user)
            let facts = asked.signInFacts(of: user, keys, userAgent: client.userAgent)
            try await transaction.run(asked)
            guard let status = try held.get(), let isOpen = SignIn.isOpen(status) else {
                return .failure(.invalidCredentials)
            }
            let known = try facts.get()
            if let until = known.lockedUntil { return .failure(.accountLocked(until: until)) }
            guard isOpen else { return .failure(.accountSuspended) }
            if let renewedHash { try await transaction.setPasswordHash(renewedHash, of: user) }
            let way: Way
            if known.hasSecondFactor || known.isNewDevice || known.isToBeErased {
                let passed = try await FirstStep(services: services, client: client).passed(
                    user,
                    method: "PASSWORD",
                    deviceName: deviceName,
                    isAsked: known.hasSecondFactor,
                    in: transaction
                )
                // Who knows the password and no code yet is not there: what failed is forgotten with the second step.
                guard case .tokens = passed.outcome else {
                    try await transaction.record(
                        NewAuditEntry("session.challenge", .succeeded, by: user, from: client)
                    )
                    return .success(.passed(passed.outcome, passed.ended))
                }
                way = .passed(passed.outcome, passed.ended)
            } else {
                // Nothing is to be done besides: the session is asked for with COMMIT.
                way = .asked(
                    start.ask(user: user, method: "PASSWORD", deviceName: deviceName, in: &transaction.lastly)
                )
            }
            transaction.lastly.forgetSignInFailures(keys)
            transaction.lastly.record(
                NewAuditEntry("session.create", .succeeded, by: user, on: way.auditResource, from: client)
            )
            return .success(way)
        }
        switch way {
        case .failure(let failure): return .failure(failure)
        case .success(.passed(let outcome, let ended)):
            services.directory.forget(ended)
            return .success(outcome)
        case .success(.asked(let asked)):
            let started = try start.started(asked)
            services.directory.forget(started.ended)
            return .success(.tokens(started.tokens))
        }
    }

    /// How a sign-in went on behind its first step.
    private enum Way: Sendable {
        /// In messages of their own, with the sessions that were ended to make room.
        case passed(SignInOutcome, [UUID])
        case asked(SessionStart.Asked)

        var auditResource: NewAuditEntry.Resource? {
            switch self {
            case .passed(.tokens(let tokens), _): tokens.auditResource
            case .passed: nil
            case .asked(let asked): .session(asked.id)
            }
        }
    }

    /// A wrong password counts as a failure, and as one of an account that there is not as well.
    private func refuse(
        _ user: UUID?,
        _ failure: Failure,
        _ keys: SignInKeys
    ) async throws -> Result<SignInOutcome, Failure> {
        let locks = try await services.database.pool.transaction { transaction in
            let counts = failure == .invalidCredentials
            let locks = try await counts ? transaction.countSignInFailure(keys) : .none
            try await transaction.record(
                NewAuditEntry("session.create", .refused, by: user, from: client, errorCode: failure.code)
            )
            return locks
        }
        services.note(failure.refusal, user, keys, locks, client)
        return .failure(failure)
    }

    /// Nil for accounts that are closed, false for those that are suspended.
    private static func isOpen(_ status: String) -> Bool? {
        switch status {
        case "DEACTIVATED", "DELETED": nil
        case "SUSPENDED": false
        default: true
        }
    }

    /// PostgreSQL's text has no zero; nobody's name has one either.
    static func normalized(_ identifier: String) -> String {
        String(identifier.filter { !$0.isWhitespace && $0 != "\0" }.prefix(254)).lowercased()
    }

    /// What failures are counted for: the account, or the name where there is none, and the address.
    static func lockKeys(_ user: UUID?, _ identifier: String, _ client: ClientInfo) -> SignInKeys {
        let account = user.map { "user:\($0)" } ?? "name:\(identifier)"
        return SignInKeys(
            account: Digest.sha256(account.utf8),
            address: Digest.sha256("address:\(client.limitKey)".utf8)
        )
    }
}

extension IssuedTokens {
    var auditResource: NewAuditEntry.Resource { .session(session.id) }
}

extension NewAuditEntry.Resource {
    fileprivate static func session(_ id: UUID) -> NewAuditEntry.Resource {
        NewAuditEntry.Resource(type: "AuthSession", id: GlobalID.text("ses", id))
    }
}
