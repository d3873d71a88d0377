package import PostgresClient

/// Buckets that hold across processes: each refills evenly, and every request takes one from it.
extension Transaction {
    /// Nil if there was one, else the seconds until there is; then nothing is taken.
    package func takeFromBucket(_ key: String, size: Int, windowSeconds: Int) async throws -> Double? {
        var batch = StatementBatch()
        let taken = batch.takeFromBucket(key, size: size, windowSeconds: windowSeconds)
        try await run(batch)
        return try taken.wait()
    }

    /// Takes what was given out already, whether it is there or not, and answers the level; it does not fall below nothing by
    /// more than the bucket holds.
    package func settleBucket(_ key: String, taken: Double, size: Double, perSecond: Double) async throws -> Double {
        try await one(RateBucketStatements.settle, key, taken, size, perSecond)
    }
}

extension StatementBatch {
    /// Takes one, if there is one.
    package mutating func takeFromBucket(_ key: String, size: Int, windowSeconds: Int) -> TakenFromBucket {
        let perSecond = Double(size) / Double(windowSeconds)
        return TakenFromBucket(left: one(RateBucketStatements.take, key, Double(size), perSecond), perSecond: perSecond)
    }
}

/// Whether there was one in a bucket, once its batch has run.
package struct TakenFromBucket: Sendable {
    fileprivate let left: Answer<Double>
    fileprivate let perSecond: Double

    /// Nil if there was one, else the seconds until there is; then nothing is taken.
    package func wait() throws -> Double? {
        let left = try left.get()
        return left >= 0 ? nil : -left / perSecond
    }
}

enum RateBucketStatements {
    /// `tokens` is the level less one, whether there was one to take or not: below zero tells that there was none.
    static let take = Statement<Double, String, Double, Double>(
        """
        INSERT INTO rate_buckets AS b (key, tokens, refilled_at) VALUES ($1, $2 - 1, clock_timestamp())
        ON CONFLICT (key) DO UPDATE SET refilled_at = clock_timestamp(), tokens = least($2,
            CASE WHEN b.tokens < 0 THEN b.tokens + 1 ELSE b.tokens END
                + greatest(0, extract(epoch FROM clock_timestamp() - b.refilled_at)::float8) * $3) - 1
        RETURNING tokens
        """
    )
    static let settle = Statement<Double, String, Double, Double, Double>(
        """
        INSERT INTO rate_buckets AS b (key, tokens, refilled_at) VALUES ($1, $3 - $2, clock_timestamp())
        ON CONFLICT (key) DO UPDATE SET refilled_at = clock_timestamp(), tokens = greatest(-$3, least($3,
            b.tokens + greatest(0, extract(epoch FROM clock_timestamp() - b.refilled_at)::float8) * $4) - $2)
        RETURNING tokens
        """
    )
    static let all: [any CheckableStatement] = [take, settle]
}
