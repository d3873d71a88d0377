package import Data
internal import PostgresClient

/// Has the account of whoever asks erased, after a while in which they can think better of it.
package struct AccountDelete {
    package enum Failure: Error, Sendable, Equatable {
        /// It was not their user name that was typed.
        case notConfirmed
        /// They own teams, which would have nobody.
        case ownsTeams(Int)
        /// Nobody else may do everything.
        case lastSuperAdmin

        var auditCode: String { self == .notConfirmed ? "INVALID_INPUT" : "LAST_OWNER" }
    }

    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// All other sessions end, and programs get nothing any more. Whoever asks again gets what they have asked for.
    package func run(confirming username: String, reason: String?) async throws -> Result<PrivacyRequestRow, Failure> {
        let user = principal.user.id
        let kept = try principal.session.id
        let day = services.time(afterSeconds: Int64(services.options.deletionGraceSeconds))
        typealias Done = (request: PrivacyRequestRow, sessions: [UUID], keys: [String])
        let outcome: Result<Done, Failure> = try await services.database.pool.transaction { transaction in
            try await transaction.hold(principal)
            guard let now = try await transaction.lockUsers([user]).first else { throw PostgresError.rowCount(0) }
            let failure = try await objection(to: username, now, in: transaction)
            try await transaction.record(
                NewAuditEntry(
                    "privacy.erase",
                    failure == nil ? .succeeded : .refused,
                    by: user,
                    from: client,
                    errorCode: failure?.auditCode
                )
            )
            if let failure { return .failure(failure) }
            if let open = try await transaction.lockErasure(of: user) { return .success((open, [], [])) }
            let request = try await transaction.insertErasure(
                services.newID(),
                of: user,
                by: user,
                note: reason.map(VisibleText.withoutZeros),
                scheduledFor: day
            )
            let keys = try await transaction.revokeAllAPIKeys(of: user)
            let sessions = try await transaction.revokeAllSessions(of: user, except: kept, reason: "ERASURE")
            try await transaction.endWhatWaits(of: user)
            try await MailOutbox(services).add(.deletion(of: user, on: day, .asked), in: transaction)
            return .success((request, sessions, keys))
        }
        if case .success(let done) = outcome {
            services.directory.forget(done.sessions)
            services.keys.forget(done.keys)
        }
        return outcome.map(\.request)
    }

    private func objection(
        to username: String,
        _ user: UserRow,
        in transaction: Transaction
    ) async throws -> Failure? {
        guard username.lowercased() == user.username.lowercased() else { return .notConfirmed }
        let owned = try await transaction.ownedTeams(of: user.id)
        if owned > 0 { return .ownsTeams(owned) }
        if user.roles.contains(PlatformRole.superAdmin.rawValue),
            try await transaction.otherSuperAdmins(than: user.id) == 0
        {
            return .lastSuperAdmin
        }
        return nil
    }
}

/// Calls the deletion of an account off, as its owner does who asks for it, or signs in.
package struct AccountDeleteCancel {
    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// Nil where nothing is to be called off by them.
    package func run() async throws -> PrivacyRequestRow? {
        let user = principal.user.id
        return try await services.database.pool.transaction { [services, principal, client] transaction in
            // Whose account is erased at the moment is not told that it stays.
            try await transaction.hold(principal)
            guard let request = try await transaction.cancelOwnErasure(of: user) else {
                try await transaction.record(
                    NewAuditEntry(
                        "privacy.erase_cancel",
                        .refused,
                        by: user,
                        from: client,
                        errorCode: "NOT_FOUND"
                    )
                )
                return nil
            }
            try await AccountDeleteCancel.tell(request, services, from: client, in: transaction)
            return request
        }
    }

    /// That a request of somebody's own was called off, in the transaction that has held their account and did so.
    static func tell(
        _ request: PrivacyRequestRow,
        _ services: IdentityServices,
        from client: ClientInfo,
        in transaction: Transaction
    ) async throws {
        let user = request.userID
        try await MailOutbox(services).add(.deletion(of: user, on: request.scheduledFor, .called), in: transaction)
        try await transaction.record(NewAuditEntry("privacy.erase_cancel", .succeeded, by: user, from: client))
    }
}
