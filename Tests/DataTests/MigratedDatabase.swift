import Data
import EventLoop
import PostgresClient
import PostgresTesting

/// A database with the whole schema, copied from one that was migrated once.
func migratedDatabase() async throws -> String {
    _ = try await migrated.value
    return try TestCluster.database(template: "migrated")
}

private let migrated = Task {
    let template = try TestCluster.emptyTemplate("migrated")
    try await onLoop { loop in
        _ = try await Migrator.with(ConnectionOptions(template), on: loop) { try await $0.up() }
    }
}
