package import Data
package import PostgresClient

/// Changes the account of somebody else: its names, its roles, and whether it is open.
package struct UserManage {
    package struct Input: Sendable {
        package let displayName: String?
        package let email: String?
        package let isEmailVerified: Bool?

        /// What is nil stays.
        package init(displayName: String?, email: String?, isEmailVerified: Bool?) {
            self.displayName = displayName.map(VisibleText.trimmed)
            self.email = email.map(VisibleText.trimmed)
            self.isEmailVerified = isEmailVerified
        }
    }

    /// An account whose sessions have ended.
    package struct Ended: Sendable {
        package let user: UserRow
        package let sessions: [UUID]
        fileprivate var reason: String?
        fileprivate var until: Timestamp?
    }

    private let work: ManagementWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = ManagementWork(services: services, principal: principal, client: client)
    }

    /// Whoever reads the address that the account had is told, and can undo the change unless it is vouched for.
    package func update(_ user: UUID?, _ input: Input) async throws -> Result<UserRow, ManagementFaults> {
        let services = work.services
        let outcome = try await work.change(user, "user.update", path: ["input", "id"], changes: UserManage.changes) {
            parties,
            transaction in
            let faults = ManagementFault.names(email: input.email, displayName: input.displayName)
            if let faults = ManagementFaults(faults) { throw faults }
            let before = parties.user
            let email = input.email.flatMap { $0.lowercased() == before.email?.lowercased() ? nil : $0 }
            let change = ManagedChange(name: input.displayName, email: email, isEmailVerified: input.isEmailVerified)
            if let email, try await transaction.isTaken(email: email, for: before.id) {
                throw ManagementFaults(.emailTaken)
            }
            guard try await transaction.change(change, of: before.id) else { throw ManagementFaults(.emailTaken) }
            if let email {
                let isVouchedFor = input.isEmailVerified == true
                try await ManagedAddress(services: services, before: before, email: email, isVouchedFor: isVouchedFor)
                    .follow(in: transaction)
            }
            return (before: before, after: try await UserManage.user(before.id, in: transaction))
        }
        return outcome.map(\.after)
    }

    /// Those of an account from now on; everybody is a MEMBER.
    package func setRoles(_ roles: [String], of user: UUID?) async throws -> Result<UserRow, ManagementFaults> {
        let wanted = Set(roles.compactMap(PlatformRole.init)).union([.member])
        let outcome = try await work.change(
            user,
            "user.roles_set",
            path: ["userId"],
            changes: UserManage.changes
        ) { parties, transaction in
            let before = Set(parties.user.roles.compactMap(PlatformRole.init))
            guard wanted.symmetricDifference(before).allSatisfy({ parties.actor.disposes(of: $0) }) else {
                throw ManagementFaults(.forbidden, ["roles"], "These are not yours to give or take.")
            }
            if before.contains(.superAdmin), !wanted.contains(.superAdmin),
                try await transaction.otherSuperAdmins(than: parties.user.id) == 0
            {
                throw ManagementFaults(.lastOwner, ["roles"], "Nobody else may do everything.")
            }
            try await transaction.setRoles(
                wanted.map(\.rawValue).sorted(),
                of: parties.user.id,
                by: parties.actor.id
            )
            return (before: parties.user, after: try await UserManage.user(parties.user.id, in: transaction))
        }
        return outcome.map(\.after)
    }

    /// Closes an account, until then if an end is given: nobody signs in, all sessions end, and programs get nothing.
    package func suspend(
        _ user: UUID?,
        reason: String,
        until end: Timestamp?
    ) async throws -> Result<Ended, ManagementFaults> {
        let services = work.services
        let now = services.now
        let outcome = try await work.change(user, "user.suspend", path: ["userId"], changes: UserManage.changesOfEnd) {
            parties,
            transaction in
            guard !parties.isOwn else {
                throw ManagementFaults(.forbidden, parties.path, "Nobody suspends themselves.")
            }
            if let end, end <= now {
                throw ManagementFaults(.invalidInput, ["until"], "Must be to come.")
            }
            // Before it is closed: mails go to open accounts.
            try await MailOutbox(services).add(.suspended(parties.user.id, until: end), in: transaction)
            guard try await transaction.suspend(parties.user.id, until: end) else {
                let message = "Only an account that is open can be suspended."
                throw ManagementFaults(.invalidTransition, parties.path, message)
            }
            let sessions = try await transaction.revokeAllSessions(
                of: parties.user.id,
                except: nil,
                reason: "SUSPENDED"
            )
            try await transaction.endWhatWaits(of: parties.user.id)
            let row = try await UserManage.user(parties.user.id, in: transaction)
            return Ended(user: row, sessions: sessions, reason: reason, until: end)
        }
        if case .success(let ended) = outcome { services.directory.forget(ended.sessions) }
        return outcome
    }

    /// Opens an account that was suspended, and calls off the deletion of it that the platform has ordered. What its owner has
    /// asked for is for them to call off.
    package func reinstate(_ user: UUID?) async throws -> Result<UserRow, ManagementFaults> {
        let services = work.services
        return try await work.change(user, "user.reinstate", path: ["userId"]) { parties, transaction in
            guard try await transaction.reinstate(parties.user.id) else {
                let message = "The account is not suspended."
                throw ManagementFaults(.invalidTransition, parties.path, message)
            }
            let user = parties.user.id
            if let open = try await transaction.lockErasure(of: user), open.requestedBy != user {
                _ = try await transaction.setErasure(open.id, "CANCELLED")
                let mail = NewMail.deletion(of: user, on: open.scheduledFor, .revoked)
                try await MailOutbox(services).add(mail, in: transaction)
            }
            return try await UserManage.user(user, in: transaction)
        }
    }

    /// Ends all sessions of an account, which its owner can begin anew.
    package func signOut(_ user: UUID?) async throws -> Result<Ended, ManagementFaults> {
        let outcome = try await work.change(user, "user.sign_out", path: ["userId"]) { parties, transaction in
            let sessions = try await transaction.revokeAllSessions(
                of: parties.user.id,
                except: nil,
                reason: "ADMINISTRATOR"
            )
            try await transaction.endWhatWaits(of: parties.user.id)
            return Ended(user: parties.user, sessions: sessions)
        }
        if case .success(let ended) = outcome { work.services.directory.forget(ended.sessions) }
        return outcome
    }

    private static func user(_ id: UUID, in transaction: Transaction) async throws -> UserRow {
        guard let row = try await transaction.lockUsers([id]).first else { throw PostgresError.rowCount(0) }
        return row
    }

    private static let changes: @Sendable ((before: UserRow, after: UserRow)) -> [AuditChange?] = { rows in
        let (before, after) = rows
        return [
            // The log is never changed: what somebody is called would outlive their account there.
            before.name == after.name ? nil : AuditChange(secret: "displayName"),
            before.email == after.email ? nil : AuditChange(secret: "email"),
            AuditChange(
                "emailVerified",
                String(before.emailVerifiedAt != nil),
                String(after.emailVerifiedAt != nil)
            ),
            AuditChange("roles", before.roles.joined(separator: " "), after.roles.joined(separator: " ")),
        ]
    }

    private static let changesOfEnd: @Sendable (Ended) -> [AuditChange?] = { ended in
        [AuditChange("reason", nil, ended.reason), AuditChange("until", nil, ended.until?.rfc3339)]
    }
}

/// Opens accounts whose suspension is over.
package struct SuspensionEnd: Sendable {
    private let services: IdentityServices

    package init(_ services: IdentityServices) { self.services = services }

    package func run() async throws {
        let now = services.now
        try await services.database.pool.transaction { transaction in
            for user in try await transaction.reinstateUsers(at: now) {
                let client = ClientInfo(address: nil, userAgent: "", requestID: "users.reinstate")
                let resource = NewAuditEntry.Resource(type: "User", id: GlobalID.text("usr", user))
                try await transaction.record(
                    NewAuditEntry("user.reinstate", .succeeded, by: nil, on: resource, from: client)
                )
            }
        }
    }
}
