import Credentials
import Data
import GraphQLSchema
import PostgresClient
import Synchronization

/// The statements of traces, for those who want to see their plans: in development alone. Nobody can have anything
/// explained that the server did not run itself, with the parameters it ran with.
final class PlanDesk: Sendable {
    /// Statements that are kept; the oldest goes first.
    private static let limit = 2_000
    /// Statements with more bytes of parameters than this are not kept.
    private static let parameterBytes = 64 << 10

    private struct Kept: Sendable {
        var statements: [String: RecordedStatement] = [:]
        /// In the order in which they came, around the end.
        var ids: [String] = []
        var next = 0
    }

    private let kept = Mutex(Kept())

    /// The name by which its plan can be asked for.
    func keep(_ statement: RecordedStatement) -> String? {
        guard statement.parameterBytes <= Self.parameterBytes else { return nil }
        let id = Base64URL.encode(SecureRandom.bytes(12))
        kept.withLock { kept in
            if kept.ids.count < Self.limit {
                kept.ids.append(id)
            } else {
                kept.statements[kept.ids[kept.next]] = nil
                kept.ids[kept.next] = id
                kept.next = (kept.next + 1) % Self.limit
            }
            kept.statements[id] = statement
        }
        return id
    }

    /// Nil for what was never kept, or is no more.
    func plan(_ id: String, in database: Database) async throws -> [String]? {
        guard let statement = kept.withLock({ $0.statements[id] }) else { return nil }
        do { return try await database.pool.plan(of: statement) } catch let error as PostgresError {
            throw GraphQLError("PostgreSQL does not tell the plan: \(error)")
        }
    }
}
