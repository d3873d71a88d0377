internal import Credentials
internal import Data
package import PostgresClient

/// Sends the mail that asks whether an address is theirs who gave it.
package struct EmailVerificationSend {
    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// The address it goes to; nil when that is confirmed already.
    package func run() async throws -> String? {
        let user = principal.user.id
        try await services.limit("verification", by: user.description, services.options.mailsPerHour, perSeconds: 3_600)
        guard principal.user.emailVerifiedAt == nil else { return nil }
        try await services.database.pool.transaction { transaction in
            try await MailOutbox(services).add(.emailVerification(to: user), in: transaction)
            try await transaction.record(
                NewAuditEntry("account.email_verification_send", .succeeded, by: user, from: client)
            )
        }
        return principal.user.email
    }
}

/// Takes the token of that mail: whoever has it reads what comes to the address.
package struct EmailVerify {
    private let services: IdentityServices
    private let client: ClientInfo

    package init(_ services: IdentityServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    /// Whose address is confirmed now.
    package func run(token text: String) async throws -> Result<UUID, LinkTokenFault> {
        try await services.redeem(text, .emailVerification, from: client) { [client] found, transaction in
            guard let email = found.email, try await transaction.confirmEmail(email, of: found.user) else {
                return .failure(.invalid)
            }
            try await transaction.spendOneTimeTokens(of: found.user, .emailVerification)
            try await transaction.record(
                NewAuditEntry("account.email_verify", .succeeded, by: found.user, from: client)
            )
            return .success(found.user)
        }
    }
}
