internal import Credentials
internal import Data
internal import PostgresClient

/// Why a token of a link is not taken.
package enum LinkTokenFault: Error, Sendable, Equatable {
    /// None of ours, or used before.
    case invalid
    case expired
}

/// A token of a link that is good.
struct OneTimeToken: Sendable {
    let user: UUID
    /// The address it was sent to.
    let email: String?
    /// When what it is about was done, and its place among such things.
    let madeAt: Timestamp
    let number: Int
}

extension IdentityServices {
    /// What a token stands for, which nobody else uses until the transaction ends.
    func lock(
        _ token: OpaqueToken,
        _ purpose: OneTimePurpose,
        in transaction: Transaction
    ) async throws -> Result<OneTimeToken, LinkTokenFault> {
        guard let row = try await transaction.lockOneTimeToken(hash: token.hash, purpose), row.usedAt == nil,
            let user = row.userID
        else { return .failure(.invalid) }
        guard row.expiresAt > clock() else { return .failure(.expired) }
        let email = JSONValue(json: Array(row.data.text.utf8))?.object?["email"]?.string
        return .success(OneTimeToken(user: user, email: email, madeAt: row.createdAt, number: row.number))
    }

    /// Takes the token of a mail. What `use` does happens with it locked, so that nobody else uses it meanwhile.
    func redeem<Value: Sendable>(
        _ text: String,
        _ purpose: OneTimePurpose,
        from client: ClientInfo,
        _ use: @escaping @Sendable (OneTimeToken, Transaction) async throws -> Result<Value, LinkTokenFault>
    ) async throws -> Result<Value, LinkTokenFault> {
        try await limitTokens(from: client)
        guard let token = OpaqueToken(text, purpose.tokenPurpose) else { return .failure(.invalid) }
        return try await database.pool.transaction { transaction in
            switch try await lock(token, purpose, in: transaction) {
            case .success(let found): try await use(found, transaction)
            case .failure(let fault): .failure(fault)
            }
        }
    }
}

extension OneTimePurpose {
    /// How long such a token is good.
    var seconds: Int64 {
        switch self {
        case .emailVerification, .emailChange: 86_400
        case .passwordReset: 3_600
        case .emailUndo: 3 * 86_400
        case .mfaChallenge: 300
        }
    }

    /// What the text of such a token begins with.
    var tokenPurpose: OpaqueToken.Purpose {
        switch self {
        case .emailVerification: .emailVerification
        case .passwordReset: .passwordReset
        case .emailChange: .emailChange
        case .emailUndo: .emailUndo
        case .mfaChallenge: .mfaChallenge
        }
    }
}
