internal import EventLoop
package import PostgresClient

/// Does things once: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
///
/// The claim on a key is committed before the work begins, and settled by the work's own transaction. So a key is done
/// exactly if the work is, and a commit whose answer was lost is found out by asking for the key again.
package struct IdempotentWork: Sendable {
    package struct Options: Sendable {
        /// How long a claim lasts whose owner is not heard of any more.
        package var lease = Duration.seconds(60)
        /// How long those who come while it is done wait for it.
        package var patience = Duration.seconds(5)
        /// How often they look.
        package var interval = Duration.milliseconds(50)
        /// How often a commit that may have happened is asked for.
        package var attempts = 5

        package init() {}
    }

    /// What came of it.
    package enum Outcome<Value: Sendable>: Sendable {
        case done(Value)
        /// It had been done before; these are the ids of what was made or changed.
        case repeated(ids: [String])
        case inProgress(since: Timestamp)
        case usedOtherwise(firstAt: Timestamp)
    }

    private let pool: PostgresPool
    private let options: Options

    package init(_ pool: PostgresPool, _ options: Options = Options()) {
        self.pool = pool
        self.options = options
    }

    /// - Parameters:
    ///   - hasHappened: whether the work has done anything; it settles its claim exactly if so. What has not happened
    ///     leaves no key behind.
    ///   - body: does it, and settles the claim in its transaction.
    package func run<Value: Sendable>(
        _ request: IdempotentRequest,
        hasHappened: (Value) -> Bool = { _ in true },
        _ body: (IdempotencyClaim) async throws -> Value
    ) async throws -> Outcome<Value> {
        var attempt = 1
        while true {
            let claim: IdempotencyClaim
            switch try await state(of: request) {
            case .claimed(let made): claim = made
            case .done(let ids): return .repeated(ids: ids)
            case .inProgress(let since): return .inProgress(since: since)
            case .usedOtherwise(let first): return .usedOtherwise(firstAt: first)
            }
            do {
                let value = try await body(claim)
                if !hasHappened(value) { await forget(claim) }
                return .done(value)
            } catch PostgresError.commitUnknown where attempt < options.attempts {
                // Whoever asks for the key waits for the commit, if it still goes on: then it is done, or forgotten.
                try await mustForget(claim)
                attempt += 1
            } catch {
                await forget(claim)
                throw error
            }
        }
    }

    /// Claims the key, or waits for whoever has it as long as patience lasts.
    private func state(of request: IdempotentRequest) async throws -> IdempotencyState {
        let end = pool.loop.now + options.patience.nanoseconds
        while true {
            let state = try await claim(request)
            if let state {
                guard case .inProgress = state, pool.loop.now < end else { return state }
                try await pool.loop.sleep(for: options.interval)
            }
        }
    }

    /// Nil when the key was forgotten while it was looked at.
    private func claim(_ request: IdempotentRequest) async throws -> IdempotencyState? {
        let lease = CalendarInterval(microseconds: Int64(clamping: options.lease.nanoseconds / 1_000))
        let (principal, key) = (request.principal, request.key)
        return try await pool.transaction { transaction in
            let claimed = try await transaction.first(
                IdempotencyStatements.claim,
                principal,
                key,
                request.field,
                request.hash,
                lease
            )
            if let claimed { return .claimed(IdempotencyClaim(principal: principal, key: key, until: claimed)) }
            let known = try await transaction.first(
                IdempotencyStatements.find,
                principal,
                key,
                request.field,
                request.hash
            )
            guard let known else { return nil }
            if !known.isTheSame { return .usedOtherwise(firstAt: known.createdAt) }
            return known.isDone ? .done(ids: known.ids) : .inProgress(since: known.createdAt)
        }
    }

    /// Lets the key go, also when the work was cancelled: whoever tries again is not kept waiting by what did not happen.
    /// Where that fails, the claim ends by itself.
    private func forget(_ claim: IdempotencyClaim) async {
        await pool.loop.startTask { try? await mustForget(claim) }.value
    }

    private func mustForget(_ claim: IdempotencyClaim) async throws {
        try await pool.transaction {
            _ = try await $0.execute(IdempotencyStatements.forget, claim.principal, claim.key, claim.until)
        }
    }
}
