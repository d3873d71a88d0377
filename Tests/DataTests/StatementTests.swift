import Data
import EventLoop
import PostgresClient
import PostgresTesting
import Testing

@Suite struct StatementTests {
    @Test func `every statement fits the migrated schema`() async throws {
        let database = try await migratedDatabase()
        try await onLoop { loop in
            let connection = try await PostgresConnection.connect(ConnectionOptions(database), on: loop)
            defer { connection.close() }
            for statement in DataStatements.all {
                let faults = try await statement.faults(on: connection)
                #expect(faults.isEmpty, "\(statement.text.sql)")
            }
            #expect(DataStatements.all.count >= 5)
        }
    }
}
