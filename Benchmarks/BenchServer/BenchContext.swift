import GraphQLEngine
import PostgresClient

/// What the resolvers of one request share. Unchecked because its base class is; nothing in it changes.
final class BenchContext: ExecutionContext, @unchecked Sendable {
    let pool: PostgresPool
    let session: Session
    let users: Loader<Int32, UserRow?>
    let feed: CommentFeed

    init(_ loading: LoadingContext, _ pool: PostgresPool, _ feed: CommentFeed) {
        self.pool = pool
        self.feed = feed
        let session = pool.session()
        self.session = session
        users = loading.loader("users") { numbers in
            let rows = try await session.rows(UserRow.byNumbers, numbers)
            return Dictionary(uniqueKeysWithValues: rows.map { ($0.number, $0) })
        }
        super.init(loading)
    }

    /// There are no viewers here: equal subscriptions are told the same.
    override var sharingKey: String? { "" }

    override func contextForNextEvent() -> ExecutionContext { BenchContext(loading.renewed(), pool, feed) }
}
