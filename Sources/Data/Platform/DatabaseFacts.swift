package import PostgresClient

/// What the database says of itself.
package struct DatabaseFacts: PostgresRow {
    package let version: String
    package let migration: Int

    package init(from row: inout RowReader) throws {
        version = try row.next()
        migration = try row.next()
    }
}

extension Session {
    package func databaseFacts() async throws -> DatabaseFacts { try await one(DatabaseStatements.facts) }
}

enum DatabaseStatements {
    static let facts = Statement<DatabaseFacts>(
        "SELECT split_part(current_setting('server_version'), ' ', 1), max(version) FROM schema_migrations"
    )
}
