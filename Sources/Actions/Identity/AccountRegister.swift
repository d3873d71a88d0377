internal import Credentials
internal import Data
internal import PostgresClient

/// Makes an account and signs its owner in.
package struct AccountRegister {
    package struct Input: Sendable {
        package let email: String
        package let password: String
        package let displayName: String
        /// Made up when there is none.
        package let username: String?
        /// What the account is for, beyond what is open to all.
        package let roles: [String]

        package init(email: String, password: String, displayName: String, username: String?, roles: [String]) {
            self.email = email
            self.password = password
            self.displayName = displayName
            self.username = username
            self.roles = roles
        }
    }

    private let services: IdentityServices
    private let client: ClientInfo

    package init(_ services: IdentityServices, from client: ClientInfo) {
        self.services = services
        self.client = client
    }

    /// Everything that is wrong is told at once.
    package func run(_ input: Input) async throws -> Result<IssuedTokens, AccountFaults> {
        let limit = services.options.registrationsPerHour
        try await services.limit("register", by: client.limitKey, limit, perSeconds: 3_600)
        let names: AccountNames
        switch AccountNames.check(
            email: input.email,
            displayName: input.displayName,
            username: input.username,
            password: input.password
        ) {
        case .success(let checked): names = checked
        case .failure(let faults): return .failure(faults)
        }
        // Whether the address is taken is asked after this, so that the time does not tell.
        let hash = try await services.hasher.hash(input.password)
        return try await services.database.pool.transaction { transaction in
            try await register(names, hash, Array(Set(input.roles + ["MEMBER"])).sorted(), in: transaction)
        }
    }

    private func register(
        _ names: AccountNames,
        _ hash: String,
        _ roles: [String],
        in transaction: Transaction
    ) async throws -> Result<IssuedTokens, AccountFaults> {
        let user = NewUser(
            id: services.newID(),
            email: names.email,
            username: names.username,
            name: names.displayName,
            passwordHash: hash,
            status: "PENDING_VERIFICATION",
            locale: "en",
            timeZone: "UTC"
        )
        guard try await transaction.insert(user, roles: roles) else {
            let taken = try await transaction.takenNames(email: names.email, username: names.username)
            let faults = AccountFaults.taken(email: taken.email, username: taken.username)
            try await transaction.record(
                NewAuditEntry(
                    "account.register",
                    .refused,
                    by: nil,
                    from: client,
                    errorCode: faults.all[0].code.rawValue
                )
            )
            return .failure(faults)
        }
        let started = try await SessionStart(services: services, client: client)
            .run(user: user.id, method: "PASSWORD", deviceName: nil, in: transaction)
        let resource = NewAuditEntry.Resource(type: "User", id: GlobalID.text("usr", user.id))
        try await transaction.record(
            NewAuditEntry("account.register", .succeeded, by: user.id, on: resource, from: client)
        )
        try await MailOutbox(services).add(.emailVerification(to: user.id), in: transaction)
        return .success(started.tokens)
    }
}
