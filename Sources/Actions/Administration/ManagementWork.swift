internal import Data
internal import PostgresClient

/// What actions on the accounts of others share: one transaction in which both accounts are held as they are now, and the
/// audit log hears how it ended.
struct ManagementWork: Sendable {
    let services: IdentityServices
    let principal: Principal
    let client: ClientInfo

    /// Who asks, and whose account it is; neither gets or loses a role meanwhile.
    struct Parties: Sendable {
        let actor: UserRow
        let user: UserRow
        /// Where the request names the account.
        let path: [String]

        var isOwn: Bool { actor.id == user.id }
    }

    /// Runs `body` if the account stands below whoever asks.
    func change<Value: Sendable>(
        _ user: UUID?,
        _ action: String,
        path: [String],
        changes: @escaping @Sendable (Value) -> [AuditChange?] = { _ in [] },
        _ body: @escaping @Sendable (Parties, Transaction) async throws -> Value
    ) async throws -> Result<Value, ManagementFaults> {
        try await audited(action, on: { _ in user }, changes: changes) { transaction in
            let (own, found) = try await lock(user, in: transaction)
            guard let found else { throw ManagementFaults(.notFound(path)) }
            guard own.isAbove(found) else {
                let message = "Nobody manages the account of somebody who stands as high."
                throw ManagementFaults(.forbidden, path, message)
            }
            return try await body(Parties(actor: own, user: found, path: path), transaction)
        }
    }

    /// Whoever asks and the account they name, as they are now, both held. Who was suspended or signed out before that does
    /// nothing any more, though they were let in.
    func lock(_ user: UUID?, in transaction: Transaction) async throws -> (actor: UserRow, user: UserRow?) {
        let actor = principal.user.id
        let rows = try await transaction.lockUsers([actor, user].compactMap { $0 })
        guard let own = rows.first(where: { $0.id == actor }),
            ["ACTIVE", "PENDING_VERIFICATION"].contains(own.status),
            try await transaction.isLiving(session: principal.session.id)
        else { throw SessionEnded() }
        return (own, rows.first { $0.id == user })
    }

    /// Runs `body` in a transaction; what it changes is undone when it throws faults, and either is written to the log.
    func audited<Value: Sendable>(
        _ action: String,
        on user: @escaping @Sendable (Value?) -> UUID?,
        changes: @escaping @Sendable (Value) -> [AuditChange?],
        _ body: @escaping @Sendable (Transaction) async throws -> Value
    ) async throws -> Result<Value, ManagementFaults> {
        try await services.database.pool.transaction { transaction in
            func record(_ value: Value?, _ code: ManagementFaultCode?) async throws {
                let resource = user(value).map { NewAuditEntry.Resource(type: "User", id: GlobalID.text("usr", $0)) }
                try await transaction.record(
                    NewAuditEntry(
                        action,
                        code == nil ? .succeeded : .refused,
                        by: principal.user.id,
                        on: resource,
                        from: client,
                        errorCode: code?.rawValue,
                        changes: value.map(changes) ?? []
                    )
                )
            }
            do {
                let value = try await transaction.savepoint { try await body($0) }
                try await record(value, nil)
                return .success(value)
            } catch {
                guard let faults = ManagementFaults(of: error) else { throw error }
                try await record(nil, faults.all[0].code)
                return .failure(faults)
            }
        }
    }
}

extension PlatformRole {
    /// Who holds a higher one manages those below; whoever holds the highest manages everybody.
    fileprivate var rank: Int {
        switch self {
        case .superAdmin: 2
        case .admin: 1
        case .member, .student, .tutor, .recruiter, .moderator, .support: 0
        }
    }
}

extension UserRow {
    private var rank: Int { roles.compactMap(PlatformRole.init).map(\.rank).max() ?? 0 }
    private var isHighest: Bool { roles.contains(PlatformRole.superAdmin.rawValue) }

    func isAbove(_ other: UserRow) -> Bool { isHighest || rank > other.rank }

    /// Whether they may give and take this role.
    func disposes(of role: PlatformRole) -> Bool { isHighest || rank > role.rank }
}
