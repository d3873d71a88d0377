package import Data
package import PostgresClient

extension NewAuditEntry {
    /// An entry of a request.
    package init(
        _ action: String,
        _ outcome: Outcome,
        by actor: UUID?,
        of team: UUID? = nil,
        on resource: Resource? = nil,
        from client: ClientInfo,
        errorCode: String? = nil,
        changes: [AuditChange?] = []
    ) {
        self.init(
            action: action,
            outcome: outcome,
            actorID: actor,
            keyPrefix: client.keyPrefix,
            teamID: team,
            resource: resource,
            requestID: client.requestID,
            address: client.address,
            userAgent: client.userAgent,
            errorCode: errorCode,
            changes: changes
        )
    }
}
