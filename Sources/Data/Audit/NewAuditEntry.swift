package import PostgresClient

/// Something that somebody did, or tried to.
package struct NewAuditEntry: Sendable {
    package enum Outcome: String, Sendable {
        /// It is about to be done: what becomes of it is another entry of the same request.
        case initiated = "INITIATED"
        case succeeded = "SUCCEEDED"
        case refused = "REFUSED"
        case failed = "FAILED"
    }

    package let action: String
    package let outcome: Outcome
    /// Nil for those who are not signed in.
    package let actorID: UUID?
    /// Of the key by which a program did it for the actor.
    package let keyPrefix: String?
    package let teamID: UUID?
    package let resource: Resource?
    package let requestID: String
    package let address: InternetAddress?
    package let userAgent: String
    package let errorCode: String?
    package let changes: [AuditChange]
    /// How many like it were not written before it.
    package var omitted = 0

    /// What it was done to.
    package struct Resource: Sendable {
        package let type: String
        package let id: String

        package init(type: String, id: String) {
            self.type = type
            self.id = id
        }
    }

    package init(
        action: String,
        outcome: Outcome,
        actorID: UUID?,
        keyPrefix: String? = nil,
        teamID: UUID? = nil,
        resource: Resource? = nil,
        requestID: String,
        address: InternetAddress?,
        userAgent: String,
        errorCode: String? = nil,
        changes: [AuditChange?] = []
    ) {
        self.action = action
        self.outcome = outcome
        self.actorID = actorID
        self.keyPrefix = keyPrefix
        self.teamID = teamID
        self.resource = resource
        self.requestID = requestID
        self.address = address
        self.userAgent = userAgent
        self.errorCode = errorCode
        self.changes = changes.compactMap { $0 }
    }
}
