import EventLoop
import GraphQLEngine
import GraphQLLanguage

/// What came of operations, counted on one loop.
final class OperationCounters {
    enum Kind: Int, CaseIterable {
        case query, mutation, subscription
        /// Of a request that did not come to an operation.
        case unknown
    }

    enum Outcome: Int, CaseIterable {
        case ok, errors, syntaxError, invalidRequest, invalidVariables, throttled

        var label: StaticString {
            switch self {
            case .ok: "ok"
            case .errors: "errors"
            case .syntaxError: "syntax_error"
            case .invalidRequest: "invalid_request"
            case .invalidVariables: "invalid_variables"
            case .throttled: "throttled"
            }
        }
    }

    /// The counts as a value, to be summed over loops.
    struct Totals: Sendable {
        private(set) var counts = [UInt64](repeating: 0, count: Kind.allCases.count * Outcome.allCases.count)
        private(set) var durations = [Histogram](repeating: Histogram(), count: Kind.allCases.count)
        /// Operations refused because their socket or event stream ran too many.
        var overLimit: UInt64 = 0

        subscript(kind: Kind, outcome: Outcome) -> UInt64 {
            counts[kind.rawValue * Outcome.allCases.count + outcome.rawValue]
        }
        subscript(kind: Kind) -> Histogram { durations[kind.rawValue] }

        mutating func add(_ kind: Kind, _ outcome: Outcome) {
            counts[kind.rawValue * Outcome.allCases.count + outcome.rawValue] &+= 1
        }

        mutating func add(_ kind: Kind, nanoseconds: UInt64) { durations[kind.rawValue].add(nanoseconds: nanoseconds) }

        static func += (total: inout Totals, one: Totals) {
            for index in one.counts.indices { total.counts[index] &+= one.counts[index] }
            for index in one.durations.indices { total.durations[index] += one.durations[index] }
            total.overLimit &+= one.overLimit
        }
    }

    var totals = Totals()
}

extension OperationCounters.Kind {
    init(_ type: OperationType) {
        switch type {
        case .query: self = .query
        case .mutation: self = .mutation
        case .subscription: self = .subscription
        }
    }
}

extension OperationCounters.Outcome {
    init(_ outcome: Response.Outcome) {
        switch outcome {
        case .syntaxError: self = .syntaxError
        case .invalidRequest: self = .invalidRequest
        case .invalidVariables: self = .invalidVariables
        case .throttled: self = .throttled
        case .executed(hasErrors: let hasErrors): self = hasErrors ? .errors : .ok
        }
    }
}

extension GraphQLService {
    /// Of this loop.
    var loopCounters: OperationCounters? {
        EventLoop.current?.local(of: self) { OperationCounters() }
    }

    /// Executes and counts.
    func execute(_ prepared: PreparedRequest, in context: ExecutionContext) async -> Response {
        let start = EventLoop.monotonicTime()
        let response = await engine.execute(prepared, in: context)
        count(prepared, response.outcome, since: start)
        return response
    }

    /// Executes in parts, and counts the first of them.
    func execute(
        _ prepared: PreparedRequest,
        in context: ExecutionContext,
        as format: IncrementalFormat,
        deliver: (Response) async throws -> Void
    ) async throws {
        let start = EventLoop.monotonicTime()
        var isCounted = false
        try await engine.execute(prepared, in: context, as: format) { part in
            if !isCounted {
                isCounted = true
                count(prepared, part.outcome, since: start)
            }
            try await deliver(part)
        }
    }

    /// Opens the stream of a subscription, and counts whether it could be.
    func subscribe(_ prepared: PreparedRequest, in context: ExecutionContext) async -> SubscriptionOutcome {
        let start = EventLoop.monotonicTime()
        let result = await engine.subscribe(prepared, in: context)
        switch result {
        case .refused(let response): count(prepared, response.outcome, since: start)
        case .stream: count(prepared, .executed(hasErrors: false), since: start)
        }
        return result
    }

    private func count(_ prepared: PreparedRequest, _ outcome: Response.Outcome, since start: UInt64) {
        guard let counters = loopCounters else { return }
        let kind = OperationCounters.Kind(prepared.operationType)
        counters.totals.add(kind, OperationCounters.Outcome(outcome))
        counters.totals.add(kind, nanoseconds: EventLoop.monotonicTime() &- start)
    }
}
