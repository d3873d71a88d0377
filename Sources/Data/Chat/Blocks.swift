package import PostgresClient

/// That somebody wants nothing to do with somebody else.
package struct BlockRow: PostgresRow, Equatable {
    package let blockedID: UUID
    package let createdAt: Timestamp

    package init(from row: inout RowReader) throws {
        blockedID = try row.next()
        createdAt = try row.next()
    }
}

extension StatementRunner {
    /// Those of these people who have blocked somebody.
    package func blockers(of user: UUID, among people: [UUID]) async throws -> [UUID] {
        try await rows(BlockStatements.blockers, user, people)
    }

    /// Those of these people whom somebody has blocked.
    package func blocked(by user: UUID, among people: [UUID]) async throws -> Set<UUID> {
        Set(try await rows(BlockStatements.blocked, user, people))
    }

    /// Those of these people who have blocked somebody, or whom they have blocked.
    package func apart(from user: UUID, among people: [UUID]) async throws -> Set<UUID> {
        Set(try await rows(BlockStatements.apart, user, people))
    }

    /// Whether one of these people has blocked another.
    package func areAnyApart(_ people: [UUID]) async throws -> Bool {
        try await one(BlockStatements.anyApart, people)
    }
}

extension Session {
    /// Whom somebody has blocked and who has an account still, the last blocked first.
    package func blocks(of user: UUID, _ request: PageRequest) async throws -> Page<BlockRow> {
        try await page(BlockStatements.ofUser, request, user)
    }

    package func blockCount(of user: UUID) async throws -> Int { try await one(BlockStatements.count, user) }
}

extension Transaction {
    /// False when there are as many as there may be; blocking again changes nothing. Others of the same user wait before this.
    package func block(_ other: UUID, by user: UUID, at time: Timestamp, limit: Int) async throws -> Bool {
        guard try await blocked(by: user, among: [other]).isEmpty else { return true }
        guard try await one(BlockStatements.used, user) < limit else { return false }
        try await execute(BlockStatements.insert, user, other, time)
        return true
    }

    package func unblock(_ other: UUID, by user: UUID) async throws -> Bool {
        try await execute(BlockStatements.delete, user, other) == 1
    }
}

enum BlockStatements {
    static let blockers = Statement<UUID, UUID, [UUID]>(
        "SELECT user_id FROM user_blocks WHERE blocked_id = $1 AND user_id = ANY ($2) ORDER BY user_id"
    )
    static let blocked = Statement<UUID, UUID, [UUID]>(
        "SELECT blocked_id FROM user_blocks WHERE user_id = $1 AND blocked_id = ANY ($2) ORDER BY blocked_id"
    )
    static let apart = Statement<UUID, UUID, [UUID]>(
        """
        SELECT user_id FROM user_blocks WHERE blocked_id = $1 AND user_id = ANY ($2)
        UNION SELECT blocked_id FROM user_blocks WHERE user_id = $1 AND blocked_id = ANY ($2)
        """
    )
    static let anyApart = Statement<Bool, [UUID]>(
        "SELECT EXISTS (SELECT FROM user_blocks WHERE user_id = ANY ($1) AND blocked_id = ANY ($1))"
    )
    static let ofUser = PagedStatement<BlockRow, Keyset<Timestamp, UUID>, UUID>(
        "Viewer.blockedUsers",
        by: [.descending("b.created_at"), .descending("b.blocked_id")],
        key: { Keyset($0.createdAt, $0.blockedID) },
        """
        SELECT b.blocked_id, b.created_at FROM user_blocks b JOIN users u ON u.id = b.blocked_id
        WHERE b.user_id = $1 AND u.status <> 'DELETED' AND {after} ORDER BY {order} LIMIT {limit}
        """
    )
    static let count = Statement<Int, UUID>(
        """
        SELECT count(*) FROM user_blocks b JOIN users u ON u.id = b.blocked_id
        WHERE b.user_id = $1 AND u.status <> 'DELETED'
        """
    )
    static let used = Statement<Int, UUID>("SELECT count(*) FROM user_blocks WHERE user_id = $1")
    static let insert = Command<UUID, UUID, Timestamp>(
        "INSERT INTO user_blocks (user_id, blocked_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    )
    static let delete = Command<UUID, UUID>("DELETE FROM user_blocks WHERE user_id = $1 AND blocked_id = $2")
    static var all: [any CheckableStatement] {
        ofUser.variants + [blockers, blocked, apart, anyApart, count, used, insert, delete]
    }
}
