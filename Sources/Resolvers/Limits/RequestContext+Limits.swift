package import Actions
internal import GraphQLEngine
internal import GraphQLSchema
internal import PostgresClient
internal import Synchronization

/// What a request may ask for, and what is left of it.
package final class RequestAllowance: Sendable {
    private let limiter: RequestLimiter
    private let key: RequestLimiter.Key
    private let client: ClientInfo
    private let last = Mutex<LimitStatus?>(nil)

    package init(_ limiter: RequestLimiter, _ key: RequestLimiter.Key, _ client: ClientInfo) {
        self.limiter = limiter
        self.key = key
        self.client = client
    }

    /// As it was after the operation was let in, or refused.
    package var status: LimitStatus? { last.withLock { $0 } }

    /// Of a field's own bucket, which this process keeps.
    func takeHere(_ field: String, _ size: Int, perSeconds window: Int) throws {
        try limiter.takeHere(field, from: client, size, perSeconds: window)
    }

    func take(_ cost: OperationCost?) throws(GraphQLError) {
        let status = limiter.take(key, points: cost?.points ?? 1, nodes: cost?.nodes ?? 0, from: client)
        last.withLock { $0 = status }
        guard status.isExceeded else { return }
        let seconds = max(1, Int(status.retryAfterSeconds.rounded(.up)))
        throw GraphQLError(
            "Too many requests; try again in \(seconds) seconds.",
            extensions: ["code": .string("RATE_LIMITED"), "retryAfterSeconds": .int(seconds)]
        )
    }
}

extension RequestAllowance {
    /// Beneath, it is not worth the counting.
    private static let worthwhile = 20.0

    func settles(_ estimate: OperationCost?) -> Bool {
        guard case .actor = key, let estimate else { return false }
        return estimate.points >= Self.worthwhile
    }

    /// What was taken for an operation is an estimate: what it did not cost is there again.
    func giveBack(beyond actual: OperationCost) {
        guard let status, !status.isExceeded, let settled = limiter.giveBack(key, status, actual: actual.points) else {
            return
        }
        last.withLock { $0 = settled }
    }
}

extension Query {
    static func rateLimit(in context: RequestContext) async throws -> RateLimitStatus? {
        guard let status = context.allowance?.status, let now = context.identity?.now else { return nil }
        return RateLimitStatus(
            cost: Int32(clamping: Int(status.cost.rounded(.up))),
            limit: Int32(clamping: Int(status.limit)),
            remaining: Int32(clamping: Int(status.remaining)),
            restoreRate: status.restoredPerSecond,
            resetAt: DateTime(microseconds: now.microseconds + Int64(status.resetSeconds * 1_000_000)),
            nodeCount: Int32(clamping: Int(status.nodes.rounded(.up)))
        )
    }
}
