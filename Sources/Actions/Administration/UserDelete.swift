package import Data
package import PostgresClient

/// Closes the account of somebody else for good, and has it erased after a while in which that can be undone.
package struct UserDelete {
    private let work: ManagementWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = ManagementWork(services: services, principal: principal, client: client)
    }

    package func run(_ user: UUID?, reason: String) async throws -> Result<PrivacyRequestRow, ManagementFaults> {
        let services = work.services
        let day = services.time(afterSeconds: Int64(services.options.deletionGraceSeconds))
        let outcome = try await work.change(
            user,
            "user.delete",
            path: ["userId"],
            changes: { _ in [AuditChange("reason", nil, reason)] }
        ) { parties, transaction -> (request: PrivacyRequestRow, sessions: [UUID]) in
            let user = parties.user.id
            guard !parties.isOwn else {
                throw ManagementFaults(.forbidden, parties.path, "Nobody deletes themselves in this way.")
            }
            guard try await transaction.ownedTeams(of: user) == 0 else {
                let message = "They own teams, which would have nobody."
                throw ManagementFaults(.lastOwner, parties.path, message)
            }
            if let open = try await transaction.lockErasure(of: user) {
                guard open.requestedBy == user else {
                    let message = "The account is to be deleted already."
                    throw ManagementFaults(.invalidTransition, parties.path, message)
                }
                // Their own they could call off.
                _ = try await transaction.setErasure(open.id, "CANCELLED")
            }
            try await MailOutbox(services).add(.deletion(of: user, on: day, .ordered), in: transaction)
            _ = try await transaction.suspend(user, until: nil, isForGood: true)
            let sessions = try await transaction.revokeAllSessions(of: user, except: nil, reason: "ERASURE")
            try await transaction.endWhatWaits(of: user)
            let request = try await transaction.insertErasure(
                services.newID(),
                of: user,
                by: parties.actor.id,
                note: VisibleText.withoutZeros(reason),
                scheduledFor: day
            )
            return (request, sessions)
        }
        if case .success(let done) = outcome { services.directory.forget(done.sessions) }
        return outcome.map(\.request)
    }
}
