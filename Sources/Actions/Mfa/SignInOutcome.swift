internal import Credentials
internal import Data
package import PostgresClient

/// How a sign-in ends whose first step was right.
package enum SignInOutcome: Sendable {
    case tokens(IssuedTokens)
    /// A code is asked for as well.
    case challenge(MFAChallenge)
}

/// What a sign-in is gone on with.
package struct MFAChallenge: Sendable {
    package let token: String
    package let expiresAt: Timestamp
    package let offersRecoveryCode: Bool
}

/// What follows the first step of a sign-in, whichever it was: the session, or the question for a code.
struct FirstStep {
    let services: IdentityServices
    let client: ClientInfo

    /// As part of the transaction that lets somebody in; also answers the sessions that were ended to make room.
    ///
    /// - Parameter isAsked: whether a code is asked for as well, as it is with the account held.
    func passed(
        _ user: UUID,
        method: String,
        deviceName: String?,
        isAsked: Bool,
        in transaction: Transaction
    ) async throws -> (outcome: SignInOutcome, ended: [UUID]) {
        guard isAsked else {
            let started = try await SessionStart(services: services, client: client)
                .run(user: user, method: method, deviceName: deviceName, in: transaction)
            return (.tokens(started.tokens), started.ended)
        }
        let token = OpaqueToken.random(.mfaChallenge)
        let expiresAt = services.time(afterSeconds: OneTimePurpose.mfaChallenge.seconds)
        try await transaction.insertMFAChallenge(
            hash: token.hash,
            user: user,
            method: method,
            deviceName: deviceName,
            expiresAt: expiresAt
        )
        let codes = try await transaction.recoveryCodesLeft(of: user)
        let challenge = MFAChallenge(token: token.text, expiresAt: expiresAt, offersRecoveryCode: codes > 0)
        return (.challenge(challenge), [])
    }
}
