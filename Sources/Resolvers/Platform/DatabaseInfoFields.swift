internal import Data
internal import GraphQLEngine
internal import PostgresClient

extension ServerInfo {
    static func database(
        of parents: Batch<ServerInfo>,
        in context: RequestContext
    ) async throws -> Results<DatabaseInfo?> {
        guard let database = context.database else { return parents.results { _ in nil } }
        let facts = try await database.session.databaseFacts()
        return parents.results { _ in
            DatabaseInfo(version: facts.version, migration: Int32(clamping: facts.migration))
        }
    }
}
