internal import Data
package import PostgresClient

/// Gives a job that died of its failures another life, on behalf of whoever runs the server.
package struct JobRetry {
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        case notFound
        case notDead(status: String)
        /// Its unique key is that of another one.
        case alreadyQueued

        package var description: String {
            switch self {
            case .notFound: "there is no such job"
            case .notDead(let status): "it is not dead, but \(status)"
            case .alreadyQueued: "another job of its kind and key waits or runs"
            }
        }
    }

    private let services: IdentityServices

    package init(_ services: IdentityServices) { self.services = services }

    /// The name of the job.
    package func run(_ id: UUID) async throws -> Result<String, Refusal> {
        do {
            return try await services.database.pool.transaction { transaction in
                guard let name = try await transaction.reviveJob(id) else {
                    let job = try await transaction.jobs([id], of: nil).first
                    return .failure(job.map { Refusal.notDead(status: $0.status) } ?? .notFound)
                }
                let client = ClientInfo(
                    address: nil,
                    userAgent: "command line",
                    requestID: services.newID().description
                )
                let resource = NewAuditEntry.Resource(type: "Job", id: GlobalID.text("job", id))
                let status = AuditChange("status", "DEAD", "QUEUED")
                try await transaction.record(
                    NewAuditEntry("job.retry", .succeeded, by: nil, on: resource, from: client, changes: [status])
                )
                return .success(name)
            }
        } catch let error as PostgresError where error.fault?.constraint == "jobs_unique_live" {
            return .failure(.alreadyQueued)
        }
    }
}
