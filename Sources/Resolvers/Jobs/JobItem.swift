import Actions
import Data
import GraphQLEngine
import PostgresClient

/// A job as clients see it: the model of the schema's type.
struct JobItem: Sendable {
    let row: JobRow

    var id: JobID { JobID(row.id) }
    var name: String { row.name }
    var status: JobStatus { JobStatus(rawValue: row.status) ?? .failed }
    var progressPercent: Int32? { row.percent.map(Int32.init) }
    var message: String? { row.message }
    var attempts: Int32 { row.attempts }
    var maxAttempts: Int32 { row.maximumAttempts }
    var runAt: DateTime { DateTime(row.runAt) }
    var startedAt: DateTime? { row.startedAt.map(DateTime.init) }
    var finishedAt: DateTime? { row.finishedAt.map(DateTime.init) }

    /// Those of these that the viewer may see.
    static func visible(_ ids: [UUID], to viewer: Principal, in context: RequestContext) async throws -> [JobItem] {
        let seesAll = ["ADMIN", "SUPER_ADMIN"].contains(where: viewer.has(role:))
        return try await context.databaseInUse().session.jobs(ids, of: seesAll ? nil : viewer.user.id)
            .map(JobItem.init)
    }
}

extension JobID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("job", id)) }

    var uuid: UUID? { GlobalID.uuid("job", rawValue) }
}

extension NodeKind {
    static let job = NodeKind(prefix: "job") { ids, context in
        let items = try await JobItem.visible(ids, to: context.signedIn(), in: context)
        return Dictionary(uniqueKeysWithValues: items.map { ($0.row.id, .job($0)) })
    }
}

extension Query {
    static func job(_ arguments: QueryJobArguments, in context: RequestContext) async throws -> JobItem? {
        guard let id = arguments.id.uuid else { return nil }
        return try await JobItem.visible([id], to: context.signedIn(), in: context).first
    }
}
