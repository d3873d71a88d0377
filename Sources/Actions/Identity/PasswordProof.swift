internal import Credentials
internal import Data
package import PostgresClient

/// That whoever is signed in knows the password of the account, before something dangerous is done. Failures count as failed
/// sign-ins do: a session that was left open does not help to guess.
struct PasswordProof {
    let services: IdentityServices
    let principal: Principal
    let client: ClientInfo

    /// The hash that the password was held against: whoever acts on the proof later asks that it is still this one.
    func check(_ password: String, _ action: String) async throws -> Result<String, SignIn.Failure> {
        let user = principal.user.id
        try await services.limit("proof", by: user.description, services.options.signInsPerMinute, perSeconds: 60)
        let keys = SignIn.lockKeys(user, "", client)
        if let until = try await services.database.session.signInLock(keys) {
            return try await refuse(action, .accountLocked(until: until), keys)
        }
        let stored = try await services.database.session.credentials(user: user)?.passwordHash
        let given = String(password.prefix(PasswordRules.maximumLength + 1))
        guard try await services.hasher.verify(given, against: stored).isCorrect, let stored else {
            return try await refuse(action, .invalidCredentials, keys)
        }
        return .success(stored)
    }

    private func refuse(
        _ action: String,
        _ failure: SignIn.Failure,
        _ keys: SignInKeys
    ) async throws -> Result<String, SignIn.Failure> {
        let user = principal.user.id
        let locks = try await services.database.pool.transaction { transaction in
            let counts = failure == .invalidCredentials
            let locks = try await counts ? transaction.countSignInFailure(keys) : .none
            try await transaction.record(
                NewAuditEntry(action, .refused, by: user, from: client, errorCode: failure.code)
            )
            return locks
        }
        services.note(failure.refusal, user, keys, locks, client)
        return .failure(failure)
    }
}

/// Proves again who somebody is, which dangerous actions ask for.
package struct Reauthenticate {
    package enum Failure: Error, Sendable, Equatable {
        case password(SignIn.Failure)
        /// The account asks for a code as well.
        case codeInvalid
    }

    private let proof: PasswordProof

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        proof = PasswordProof(services: services, principal: principal, client: client)
    }

    /// Until when it counts.
    package func run(password: String, code: String?) async throws -> Result<Timestamp, Failure> {
        let action = "session.reauthenticate"
        if case .failure(let failure) = try await proof.check(password, action) { return .failure(.password(failure)) }
        let (services, session) = (proof.services, try proof.principal.session.id)
        let user = proof.principal.user.id
        let keys = SignIn.lockKeys(user, "", proof.client)
        let outcome: Result<Timestamp, Failure> = try await services.database.pool.transaction { [proof] transaction in
            func refuse(
                _ code: String,
                _ failure: Failure,
                _ refusal: SignInRefusal,
                _ locks: SignInLocks = .none
            ) async throws -> Result<Timestamp, Failure> {
                try await transaction.record(
                    NewAuditEntry(action, .refused, by: user, from: proof.client, errorCode: code)
                )
                transaction.afterCommit { services.note(refusal, user, keys, locks, proof.client) }
                return .failure(failure)
            }
            // One after the other, so that each sees what failed before it.
            _ = try await transaction.lockMFAFactors(of: user)
            if let until = try await transaction.signInLock(keys) {
                return try await refuse("ACCOUNT_LOCKED", .password(.accountLocked(until: until)), .locked)
            }
            if try await transaction.hasSecondFactor(user),
                try await SecondFactor(services: services).check(code ?? "", of: user, in: transaction) == nil
            {
                let locks = try await transaction.countSignInFailure(keys)
                return try await refuse("MFA_INVALID", .codeInvalid, .wrongCode, locks)
            }
            let until = try await transaction.setVerified(session: session)
            try await transaction.record(NewAuditEntry(action, .succeeded, by: user, from: proof.client))
            return .success(until)
        }
        if case .success = outcome { services.directory.forget([session]) }
        return outcome
    }
}
