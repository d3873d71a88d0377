package import Data
package import PostgresClient

/// Sends somebody else the mail by which they choose a new password, or the first one of an account that was made for them. What
/// they have counts on until they do.
package struct UserPasswordReset {
    private let work: ManagementWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = ManagementWork(services: services, principal: principal, client: client)
    }

    package func run(_ user: UUID?) async throws -> Result<UserRow, ManagementFaults> {
        let services = work.services
        // Nobody's mailbox is filled, whoever asks.
        if let user {
            let limit = services.options.mailsPerHour
            try await services.limit("managed_reset", by: user.description, limit, perSeconds: 3_600)
        }
        return try await work.change(user, "user.password_reset", path: ["userId"]) { parties, transaction in
            let user = parties.user.id
            let mail: NewMail =
                try await transaction.hasBegun(parties.user) ? .passwordReset(to: user) : .accountMade(for: user)
            try await MailOutbox(services).add(mail, in: transaction)
            return parties.user
        }
    }
}
