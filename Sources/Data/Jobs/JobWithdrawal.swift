package import PostgresClient

extension Transaction {
    /// Takes back a job that waits, of which nobody needs to know any more; one that runs goes on.
    package func withdraw(_ name: String, key: String) async throws {
        try await execute(JobWithdrawalStatements.delete, name, key)
    }
}

enum JobWithdrawalStatements {
    static let delete = Command<String, String>(
        "DELETE FROM jobs WHERE name = $1 AND unique_key = $2 AND status IN ('QUEUED', 'RETRYING')"
    )
    static let all: [any CheckableStatement] = [delete]
}
