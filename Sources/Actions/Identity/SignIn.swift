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
    }

    private let services: IdentityServices
    private let client: ClientInfo

    package init(_ services: IdentityServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    package func run(_ input: Input) async throws -> Result<SignInOutcome, Failure> {
        try await services.limit("sign_in", by: client.limitKey, services.options.signInsPerMinute, perSeconds: 60)
        let identifier = SignIn.normalized(input.identifier)
        let found = try await services.database.session.credentials(identifier: identifier)
        let keys = SignIn.lockKeys(found?.user.id, identifier, client)
        if let until = try await services.database.session.signInLock(keys) {
            try await refuse(found?.user.id, "ACCOUNT_LOCKED", countingFor: [])
            return .failure(.accountLocked(until: until))
        }
        let password = String(input.password.prefix(PasswordRules.maximumLength + 1))
        let verdict = try await services.hasher.verify(password, against: found?.passwordHash)
        guard let found, let proved = found.passwordHash, verdict.isCorrect,
            !["DEACTIVATED", "DELETED"].contains(found.user.status)
        else {
            try await refuse(found?.user.id, "INVALID_CREDENTIALS", countingFor: keys)
            return .failure(.invalidCredentials)
        }
        guard found.user.status != "SUSPENDED" else {
            try await refuse(found.user.id, "ACCOUNT_SUSPENDED", countingFor: [])
            return .failure(.accountSuspended)
        }
        let renewedHash = verdict.isOutdated ? try await services.hasher.hash(password) : nil
        if let outcome = try await start(found.user.id, proved, input.deviceName, renewedHash, keys) {
            return .success(outcome)
        }
        try await refuse(found.user.id, "INVALID_CREDENTIALS", countingFor: keys)
        return .failure(.invalidCredentials)
    }

    /// Nil when the password was replaced while it was looked at.
    private func start(
        _ user: UUID,
        _ proved: String,
        _ deviceName: String?,
        _ renewedHash: String?,
        _ keys: [[UInt8]]
    ) async throws -> SignInOutcome? {
        let started: (outcome: SignInOutcome, ended: [UUID])? = try await services.database.pool.transaction {
            transaction in
            guard try await transaction.holdPassword(proved, of: user) else { return nil }
            if let renewedHash { try await transaction.setPasswordHash(renewedHash, of: user) }
            let passed = try await FirstStep(services: services, client: client)
                .passed(user, method: "PASSWORD", deviceName: deviceName, in: transaction)
            // Who knows the password and no code yet is not there: what failed is forgotten with the second step.
            guard case .tokens(let tokens) = passed.outcome else {
                try await transaction.record(NewAuditEntry("session.challenge", .succeeded, by: user, from: client))
                return passed
            }
            // What failed from this address may have been others; only the account's own failures are forgotten.
            try await transaction.forgetSignInFailures(Array(keys.prefix(1)))
            try await transaction.record(
                NewAuditEntry("session.create", .succeeded, by: user, on: tokens.auditResource, from: client)
            )
            return passed
        }
        services.directory.forget(started?.ended ?? [])
        return started?.outcome
    }

    private func refuse(_ user: UUID?, _ code: String, countingFor keys: [[UInt8]]) async throws {
        try await services.database.pool.transaction { transaction in
            if !keys.isEmpty { try await transaction.countSignInFailure(keys) }
            try await transaction.record(
                NewAuditEntry("session.create", .refused, by: user, from: client, errorCode: code)
            )
        }
    }

    /// PostgreSQL's text has no zero; nobody's name has one either.
    static func normalized(_ identifier: String) -> String {
        String(identifier.filter { !$0.isWhitespace && $0 != "\0" }.prefix(254)).lowercased()
    }

    /// What failures are counted for: the account, or the name where there is none, and the address.
    static func lockKeys(_ user: UUID?, _ identifier: String, _ client: ClientInfo) -> [[UInt8]] {
        [user.map { "user:\($0)" } ?? "name:\(identifier)", "address:\(client.limitKey)"].map { Digest.sha256($0.utf8) }
    }
}

extension IssuedTokens {
    var auditResource: NewAuditEntry.Resource {
        NewAuditEntry.Resource(type: "AuthSession", id: GlobalID.text("ses", session.id))
    }
}
