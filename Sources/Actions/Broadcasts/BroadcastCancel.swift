package import Data
package import PostgresClient

/// Ends a broadcast: those who were not told yet are not told any more.
package struct BroadcastCancel {
    private let work: BroadcastWork

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        work = BroadcastWork(services: services, principal: principal, client: client)
    }

    package func run(_ id: UUID) async throws -> Result<BroadcastRow, BroadcastFaults> {
        let now = work.services.now
        return try await work.audited("broadcast.cancel", id) { transaction in
            guard let known = try await transaction.lockBroadcast(id) else {
                throw BroadcastFaults(.notFound(["id"]))
            }
            guard ["SCHEDULED", "SENDING"].contains(known.status) else {
                throw BroadcastFaults(.invalidTransition, ["id"], "It has ended already.")
            }
            try await transaction.setBroadcastStatus("CANCELLED", of: id, finishedAt: now)
            guard let row = try await transaction.broadcasts([id]).first else { throw PostgresError.rowCount(0) }
            return row
        }
    }
}
