internal import Data
internal import PostgresClient

/// Erases the accounts whose day has come. Each is erased at once or not at all; it can be broken off between two, and goes on
/// where it was.
package struct AccountErase: Sendable {
    /// Of messages that lose their author in one step.
    static let step = 2_000
    /// Beyond, the next run goes on.
    static let accountsPerRun = 500

    private let services: IdentityServices

    package init(_ services: IdentityServices) { self.services = services }

    /// How many there were.
    @discardableResult
    package func run() async throws -> Int {
        var seen: [UUID] = []
        while seen.count < Self.accountsPerRun, let request = try await next(except: seen) { seen.append(request) }
        return seen.count
    }

    /// The request that was seen to; nil when there is no other.
    private func next(except seen: [UUID]) async throws -> UUID? {
        let now = services.now
        let found = try await services.database.pool.transaction { transaction -> (PrivacyRequestRow, Bool)? in
            guard let request = try await transaction.lockDueErasure(at: now, except: seen) else { return nil }
            return (request, try await begin(request, in: transaction))
        }
        guard let (request, isErased) = found else { return nil }
        guard isErased else { return request.id }
        // Nobody sees by now who has written them.
        var hasMore = true
        while hasMore {
            hasMore = try await services.database.pool.transaction {
                try await $0.detachMessages(of: request.userID, limit: Self.step)
            }
        }
        _ = try await services.database.pool.transaction { try await $0.setErasure(request.id, "COMPLETED") }
        return request.id
    }

    /// False where it cannot be done: the request is refused, and its owner told.
    private func begin(_ request: PrivacyRequestRow, in transaction: Transaction) async throws -> Bool {
        // Nil where a run before this one has come so far.
        guard let user = try await transaction.lockUsers([request.userID]).first else { return true }
        let ownsTeams = try await transaction.ownedTeams(of: user.id) > 0
        var isLast = false
        if user.roles.contains(PlatformRole.superAdmin.rawValue) {
            isLast = try await transaction.otherSuperAdmins(than: user.id) == 0
        }
        let isPossible = !ownsTeams && !isLast
        if isPossible {
            try await erase(user.id, in: transaction)
        } else {
            _ = try await transaction.setErasure(request.id, "REJECTED", note: "LAST_OWNER")
            try await MailOutbox(services)
                .add(.deletion(of: user.id, on: request.scheduledFor, .refused), in: transaction)
        }
        try await transaction.record(
            NewAuditEntry(
                "privacy.erased",
                isPossible ? .succeeded : .refused,
                by: nil,
                on: NewAuditEntry.Resource(type: "User", id: GlobalID.text("usr", user.id)),
                from: ClientInfo(address: nil, userAgent: "", requestID: "privacy.erase"),
                errorCode: isPossible ? nil : "LAST_OWNER"
            )
        )
        return isPossible
    }

    /// Rooms that nobody would ever see again go as those that people delete.
    private func erase(_ user: UUID, in transaction: Transaction) async throws {
        let rooms = try await transaction.erase(user, at: services.now)
        guard !rooms.isEmpty else { return }
        try await transaction.enqueue([RoomSweep.task(services)], waking: services.database.worker)
        let events = try await ChatServices(services).endCalls(in: rooms, by: nil, transaction)
        // Of them nothing is kept, nor of what happens to them.
        let told = events.filter { $0.topic != NewEvent.userTopic(user) }
        transaction.appendLastly(told, waking: services.database.events)
    }
}
