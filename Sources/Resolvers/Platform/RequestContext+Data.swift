import Data
import GraphQLEngine
import PostgresClient

extension RequestContext {
    /// The database, where there is one: all but tests of what needs none.
    func databaseInUse() throws -> Database {
        guard let database else { throw AccessRefusal.unavailable }
        return database
    }

    /// What the arguments of a connection ask for. What is wrong with them is `BAD_USER_INPUT`.
    func page(
        _ first: Int32? = nil,
        after: String? = nil,
        last: Int32? = nil,
        before: String? = nil
    ) throws -> PageRequest {
        try PageRequest(
            first: first,
            after: after,
            last: last,
            before: before,
            signer: databaseInUse().cursors
        )
    }
}
