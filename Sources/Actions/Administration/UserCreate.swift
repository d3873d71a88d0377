internal import Credentials
package import Data
internal import PostgresClient

/// Makes an account for somebody, who chooses a password by the link of a mail.
package struct UserCreate {
    package struct Input: Sendable {
        package let email: String
        package let displayName: String
        package let roles: [String]
        /// Whether they are told, and can begin.
        package let sendsInvite: Bool

        package init(email: String, displayName: String, roles: [String], sendsInvite: Bool) {
            self.email = VisibleText.trimmed(email)
            self.displayName = VisibleText.trimmed(displayName)
            self.roles = roles
            self.sendsInvite = sendsInvite
        }
    }

    private let work: ManagementWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = ManagementWork(services: services, principal: principal, client: client)
    }

    package func run(_ input: Input) async throws -> Result<UserRow, ManagementFaults> {
        let (work, services) = (work, work.services)
        return try await work.audited(
            "user.create",
            on: { $0?.id },
            changes: { [AuditChange("roles", nil, $0.roles.joined(separator: " "))] }
        ) { transaction in
            let own = try await work.lock(nil, in: transaction).actor
            var faults = ManagementFault.names(email: input.email, displayName: input.displayName)
            let roles = Set(input.roles.compactMap(PlatformRole.init)).union([.member])
            let mayGive = own.permissions.contains(.userRoleManage)
            if roles != [.member], !mayGive || !roles.allSatisfy(own.disposes(of:)) {
                faults.append(ManagementFault(.forbidden, ["input", "roles"], "These are not yours to give."))
            }
            if let faults = ManagementFaults(faults) { throw faults }
            let user = NewUser(
                id: services.newID(),
                email: input.email,
                username: AccountNames.madeUpUsername(for: input.email),
                name: input.displayName,
                passwordHash: nil,
                status: "PENDING_VERIFICATION",
                locale: "en",
                timeZone: "UTC"
            )
            guard try await transaction.insert(user, roles: roles.map(\.rawValue).sorted()) else {
                throw ManagementFaults(.emailTaken)
            }
            if input.sendsInvite {
                try await MailOutbox(services).add(.accountMade(for: user.id), in: transaction)
            }
            guard let row = try await transaction.lockUsers([user.id]).first else { throw PostgresError.rowCount(0) }
            return row
        }
    }
}

extension ManagementFault {
    static var emailTaken: ManagementFault {
        ManagementFault(.emailTaken, ["input", "email"], "Somebody has this address.")
    }

    /// What is wrong with what an account is to be known by; nil is not looked at.
    static func names(email: String?, displayName: String?) -> [ManagementFault] {
        var faults: [ManagementFault] = []
        if let email, !AccountNames.isEmail(email) {
            let rule = "Must be an e-mail address of at most 254 characters."
            faults.append(.invalid("email", rule))
        }
        if let displayName, !AccountNames.isDisplayName(displayName) {
            let rule = "Must have from 1 to 80 characters, all of them visible."
            faults.append(.invalid("displayName", rule))
        }
        return faults
    }
}
