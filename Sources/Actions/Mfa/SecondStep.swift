internal import Credentials
internal import Data
package import PostgresClient

/// Goes on with a sign-in that waits for a code.
package struct SecondStep {
    package enum Failure: Error, Sendable, Equatable {
        /// The code is not right now, or was used.
        case codeInvalid
        /// The first step is too long ago, or was gone on with.
        case challengeExpired
        case accountLocked(until: Timestamp)
    }

    private let services: IdentityServices
    private let client: ClientInfo

    package init(_ services: IdentityServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    /// Failures count as wrong passwords do, so that codes cannot be tried out.
    package func run(challenge text: String, code: String) async throws -> Result<IssuedTokens, Failure> {
        try await services.limit("mfa", by: client.limitKey, services.options.signInsPerMinute, perSeconds: 60)
        guard let token = OpaqueToken(text, .mfaChallenge),
            let user = try await services.database.session.mfaChallengeOwner(hash: token.hash)
        else { return .failure(.challengeExpired) }
        // Those from many addresses, too.
        let limit = services.options.secondStepsPerMinute
        try await services.limit("mfa_user", by: user.description, limit, perSeconds: 60)
        let keys = SignIn.lockKeys(user, "", client)
        let now = services.clock()
        let outcome: Result<(IssuedTokens, [UUID]), Failure> = try await services.database.pool.transaction {
            transaction in
            // One after the other, so that each sees what failed before it.
            _ = try await transaction.lockMFAFactors(of: user)
            if let until = try await transaction.signInLock(keys) {
                try await refuse("ACCOUNT_LOCKED", user, in: transaction)
                transaction.afterCommit { services.note(.locked, user, keys, .none, client) }
                return .failure(.accountLocked(until: until))
            }
            guard let challenge = try await transaction.lockMFAChallenge(hash: token.hash), challenge.usedAt == nil,
                challenge.expiresAt > now
            else {
                try await refuse("TOKEN_EXPIRED", user, in: transaction)
                return .failure(.challengeExpired)
            }
            guard let match = try await SecondFactor(services: services).check(code, of: user, in: transaction) else {
                let locks = try await transaction.countSignInFailure(keys)
                try await refuse("MFA_INVALID", user, in: transaction)
                transaction.afterCommit { services.note(.wrongCode, user, keys, locks, client) }
                return .failure(.codeInvalid)
            }
            return .success(try await start(challenge, match, token, keys, in: transaction))
        }
        if case .success((_, let ended)) = outcome { services.directory.forget(ended) }
        return outcome.map(\.0)
    }

    private func start(
        _ challenge: MFAChallengeRow,
        _ match: SecondFactor.Match,
        _ token: OpaqueToken,
        _ keys: SignInKeys,
        in transaction: Transaction
    ) async throws -> (IssuedTokens, [UUID]) {
        let user = challenge.userID
        try await transaction.endMFAChallenge(hash: token.hash)
        try await transaction.forgetSignInFailures(keys)
        let started = try await SessionStart(services: services, client: client)
            .run(user: user, method: challenge.method, deviceName: challenge.deviceName, in: transaction)
        try await transaction.record(
            NewAuditEntry("session.mfa", .succeeded, by: user, on: started.tokens.auditResource, from: client)
        )
        if match == .recoveryCode {
            let left = try await transaction.recoveryCodesLeft(of: user)
            try await SecurityNotice(services: services, client: client)
                .usedRecoveryCode(left: left, of: user, in: transaction)
        }
        return (started.tokens, started.ended)
    }

    private func refuse(_ code: String, _ user: UUID, in transaction: Transaction) async throws {
        try await transaction.record(
            NewAuditEntry("session.mfa", .refused, by: user, from: client, errorCode: code)
        )
    }
}
