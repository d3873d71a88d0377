import Actions
import Data
import GraphQLEngine
import PostgresClient

/// An entry of the audit log as clients see it: the model of the schema's type.
struct AuditEntryItem: Sendable {
    let row: AuditEntryRow

    var id: AuditLogEntryID { AuditLogEntryID(rawValue: GlobalID.text("aud", row.id)) }
    var sequence: BigInt { BigInt(row.sequence) }
    var occurredAt: DateTime { DateTime(row.occurredAt) }
    var action: String { row.action }
    var outcome: AuditOutcome { AuditOutcome(rawValue: row.outcome) ?? .failed }
    var resourceType: String? { row.resourceType }
    var resourceId: ID? { row.resourceID.map(ID.init(rawValue:)) }
    var changes: [AuditChange] {
        row.changes.map { AuditChange(field: $0.field, before: $0.before, after: $0.after) }
    }
    var requestId: String? { row.requestID }
    var ipAddress: String? { row.address?.text }
    var userAgent: String? { row.userAgent }
    var errorCode: String? { row.errorCode }
    var omitted: Int32 { Int32(clamping: row.omitted) }
    var apiKeyPrefix: String? { row.keyPrefix }
    var hash: String { row.hash }

    init(_ row: AuditEntryRow) { self.row = row }

    static func actor(of parents: Batch<AuditEntryItem>, in context: RequestContext) async throws -> Results<User?> {
        try await context.users(of: parents) { $0.row.actorID }
    }

    static func team(of parents: Batch<AuditEntryItem>, in context: RequestContext) async throws -> Results<TeamModel?>
    {
        let scopes = try await context.teamScopes(Set(parents.compactMap(\.row.teamID)).sorted())
        return parents.results { $0.row.teamID.flatMap { scopes[$0] }.map { TeamModel(scope: $0) } }
    }

    /// By one statement or so for each kind: only what the viewer may see.
    static func resource(of parents: Batch<AuditEntryItem>, in context: RequestContext) async throws -> Results<Node?> {
        let ids = Array(Set(parents.compactMap(\.resourceId)))
        guard !ids.isEmpty else { return parents.results { _ in nil } }
        let found = Dictionary(uniqueKeysWithValues: zip(ids, try await NodeKinds.load(ids, in: context)))
        return parents.results { parent in parent.resourceId.flatMap { found[$0] ?? nil } }
    }
}

extension NodeKind {
    /// All for administrators of the platform; those of a team for those who may read what happened in it.
    static let auditEntry = NodeKind(prefix: "aud") { ids, context in
        let viewer = try await context.signedIn()
        var rows = try await context.databaseInUse().session.auditEntries(ids)
        if !viewer.may(.auditRead) {
            let scopes = try await context.teamScopes(Set(rows.compactMap(\.teamID)).sorted())
            rows.removeAll { $0.teamID.flatMap { scopes[$0] }?.allows(.auditRead) != true }
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .auditLogEntry(AuditEntryItem($0))) })
    }
}
