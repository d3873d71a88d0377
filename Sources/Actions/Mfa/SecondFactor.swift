internal import Credentials
internal import Data
internal import PostgresClient

/// Whether a code is one of somebody's authenticators, or one of their recovery codes. What was right once is not again.
struct SecondFactor {
    enum Match: Sendable, Equatable {
        case authenticator
        case recoveryCode
    }

    let services: IdentityServices

    func check(_ code: String, of user: UUID, in transaction: Transaction) async throws -> Match? {
        let digits = code.filter { !$0.isWhitespace }
        if digits.utf8.count == OneTimePassword.digits {
            let now = services.clock().microseconds / 1_000_000
            for factor in try await transaction.lockMFAFactors(of: user) where factor.confirmedAt != nil {
                let password = OneTimePassword(secret: try services.openSecret(of: factor))
                if let step = password.step(of: digits, atSeconds: now, after: factor.lastStep),
                    try await transaction.useMFAFactor(factor.id, step: step)
                {
                    return .authenticator
                }
            }
            return nil
        }
        guard let code = RecoveryCode(code),
            try await transaction.useRecoveryCode(of: user, hash: code.hash(owner: Array(user.description.utf8)))
        else { return nil }
        return .recoveryCode
    }
}

extension IdentityServices {
    /// Of which row of which column a secret is.
    private func place(ofFactor id: UUID) -> FieldCipher.Place {
        FieldCipher.Place(table: "mfa_factors", column: "secret_enc", row: Array(id.description.utf8))
    }

    func sealSecret(_ secret: [UInt8], ofFactor id: UUID) -> [UInt8] { cipher.seal(secret, at: place(ofFactor: id)) }

    func openSecret(of factor: MFAFactorRow) throws -> [UInt8] {
        try cipher.open(factor.sealedSecret.content, at: place(ofFactor: factor.id))
    }
}
