internal import Data
package import PostgresClient

/// Erases the accounts whose day has come. Who somebody was is gone at once or not at all; what they have written loses its author
/// step by step behind that. It can be broken off anywhere, and goes on where it was.
package struct AccountErase: Sendable {
    /// Accounts that could not be erased in a run, which has seen to all others; what was wrong with the first of them.
    package struct Unfinished: Error, CustomStringConvertible {
        package let requests: [UUID]
        package let reason: String

        package var description: String {
            "not erased: \(requests.map { GlobalID.text("prq", $0) }.joined(separator: ", ")): \(reason)"
        }
    }

    /// Of messages that lose their author in one step.
    static let step = 2_000
    /// Beyond, the next run goes on.
    static let accountsPerRun = 500

    private let services: IdentityServices

    package init(_ services: IdentityServices) { self.services = services }

    /// How many there were. One that cannot be erased holds up none behind it.
    @discardableResult
    package func run() async throws -> Int {
        var seen: [UUID] = []
        var failures: [(request: UUID, error: any Error)] = []
        let now = services.now
        while seen.count < Self.accountsPerRun,
            let request = try await services.database.session.dueErasure(at: now, except: seen)
        {
            seen.append(request.id)
            do { try await see(to: request) } catch {
                // Nothing is wrong with the account when the work is to end.
                try Task.checkCancellation()
                failures.append((request.id, error))
            }
        }
        if let first = failures.first {
            throw Unfinished(requests: failures.map(\.request), reason: "\(first.error)")
        }
        return seen.count
    }

    private func see(to request: PrivacyRequestRow) async throws {
        let isErased = try await services.database.pool.transaction { try await begin(request, in: $0) }
        guard isErased else { return }
        let user = request.userID
        // Nobody sees by now who has written them.
        var hasMore = true
        while hasMore {
            hasMore = try await services.database.pool.transaction {
                try await $0.detachMessages(of: user, limit: Self.step)
            }
            try Task.checkCancellation()
        }
        _ = try await services.database.pool.transaction { try await $0.setErasure(request.id, "COMPLETED") }
    }

    /// Whether the account is erased. Where it cannot be done, the request is refused, and its owner told.
    private func begin(_ request: PrivacyRequestRow, in transaction: Transaction) async throws -> Bool {
        // The account before its request, as everybody does. Nil where a run before this one has come so far.
        guard let user = try await transaction.lockUsers([request.userID]).first else { return true }
        // It may have been called off until the account was held.
        guard try await transaction.lockErasure(of: user.id)?.id == request.id else { return false }
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
