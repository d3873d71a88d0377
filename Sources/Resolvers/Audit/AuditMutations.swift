import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func auditLogExport(
        _ arguments: MutationAuditLogExportArguments,
        in context: RequestContext
    ) async throws -> AuditLogExportPayload? {
        let (services, principal, client) = try await context.actor()
        guard let files = context.files else { throw AccessRefusal.unavailable }
        if let given = arguments.teamId.given, given.uuid == nil {
            return AuditLogExportPayload(url: nil, expiresAt: nil, userErrors: [.notFound(["teamId"])])
        }
        let export = AuditExport(files, AuditView(services, principal, from: client))
        return try await export.run(
            team: arguments.teamId.given?.uuid,
            AuditFilter(arguments.filter.given),
            arguments.format == .csv ? .csv : .ndjson
        ).payload {
            AuditLogExportPayload(url: $0?.url, expiresAt: $0.map { DateTime($0.expiresAt) }, userErrors: $1)
        }
    }
}
