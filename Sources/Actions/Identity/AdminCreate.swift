internal import Credentials
internal import Data
internal import PostgresClient

/// Makes the account of an administrator who may do everything, on behalf of whoever runs the server.
package struct AdminCreate {
    private let services: IdentityServices

    package init(_ services: IdentityServices) { self.services = services }

    /// The user name; everything that is wrong is told at once. `username` is made up when there is none.
    package func run(
        email: String,
        displayName: String,
        username: String?,
        password: String
    ) async throws -> Result<String, AccountFaults> {
        let checked = AccountNames.check(
            email: email,
            displayName: displayName,
            username: username,
            password: password,
            mayBeReserved: true
        )
        let names: AccountNames
        switch checked {
        case .success(let value): names = value
        case .failure(let faults): return .failure(faults)
        }
        let user = NewUser(
            id: services.newID(),
            email: names.email,
            username: names.username,
            name: names.displayName,
            passwordHash: try await services.hasher.hash(password),
            status: "ACTIVE",
            locale: "en",
            timeZone: "UTC"
        )
        return try await services.database.pool.transaction { transaction in
            guard try await transaction.insert(user, roles: ["MEMBER", "SUPER_ADMIN"]) else {
                let taken = try await transaction.takenNames(email: names.email, username: names.username)
                return .failure(AccountFaults.taken(email: taken.email, username: taken.username))
            }
            let client = ClientInfo(address: nil, userAgent: "command line", requestID: services.newID().description)
            let resource = NewAuditEntry.Resource(type: "User", id: GlobalID.text("usr", user.id))
            try await transaction.record(
                NewAuditEntry("admin.create", .succeeded, by: nil, on: resource, from: client)
            )
            return .success(names.username)
        }
    }
}
