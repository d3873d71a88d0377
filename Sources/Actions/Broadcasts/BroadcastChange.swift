internal import Data
internal import PostgresClient

/// What actions on broadcasts share: one transaction, of which the audit log hears how it ended.
struct BroadcastWork: Sendable {
    let services: IdentityServices
    let principal: Principal
    let client: ClientInfo

    func audited<Value: Sendable>(
        _ action: String,
        _ id: UUID,
        _ body: @escaping @Sendable (Transaction) async throws -> Value
    ) async throws -> Result<Value, BroadcastFaults> {
        let resource = NewAuditEntry.Resource(type: "Broadcast", id: GlobalID.text("brc", id))
        let user = principal.user.id
        return try await services.database.pool.transaction { [client] transaction in
            do {
                let value = try await transaction.savepoint { try await body($0) }
                try await transaction.record(NewAuditEntry(action, .succeeded, by: user, on: resource, from: client))
                try await client.settle(resource.id, in: transaction)
                return .success(value)
            } catch let faults as BroadcastFaults {
                let code = faults.all[0].code.rawValue
                try await transaction.record(
                    NewAuditEntry(action, .refused, by: user, on: resource, from: client, errorCode: code)
                )
                return .failure(faults)
            }
        }
    }
}
