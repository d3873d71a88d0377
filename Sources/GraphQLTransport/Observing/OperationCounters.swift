import EventLoop
import GraphQLEngine
import GraphQLLanguage
import HTTPServer

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
        /// Requests refused before an operation, by their status; those of other statuses are under 0.
        private(set) var refused: [UInt16: UInt64] = [:]
        /// Sockets that were closed, by the code.
        private(set) var closed: [UInt16: UInt64] = [:]
        /// Operations refused because their socket or event stream ran too many.
        var overLimit: UInt64 = 0
        /// Clients cut off because they asked for more than they read.
        var slowReaders: UInt64 = 0

        subscript(kind: Kind, outcome: Outcome) -> UInt64 {
            counts[kind.rawValue * Outcome.allCases.count + outcome.rawValue]
        }
        subscript(kind: Kind) -> Histogram { durations[kind.rawValue] }

        mutating func add(_ kind: Kind, _ outcome: Outcome) {
            counts[kind.rawValue * Outcome.allCases.count + outcome.rawValue] &+= 1
        }

        /// What is counted is a closed set: it names the rows of a table.
        static let statuses: [UInt16] = [400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 422, 429, 500, 503, 0]
        static let codes: [UInt16] = [1000, 1001, 4400, 4401, 4403, 4406, 4408, 4409, 4429, 4500, 0]

        mutating func refuse(_ status: HTTPStatus) {
            refused[Self.statuses.contains(status.code) ? status.code : 0, default: 0] &+= 1
        }

        mutating func close(_ code: WebSocketCloseCode) {
            closed[Self.codes.contains(code.rawValue) ? code.rawValue : 0, default: 0] &+= 1
        }

        mutating func add(_ kind: Kind, nanoseconds: UInt64) { durations[kind.rawValue].add(nanoseconds: nanoseconds) }

        static func += (total: inout Totals, one: Totals) {
            for index in one.counts.indices { total.counts[index] &+= one.counts[index] }
            for index in one.durations.indices { total.durations[index] += one.durations[index] }
            total.refused.merge(one.refused, uniquingKeysWith: &+)
            total.closed.merge(one.closed, uniquingKeysWith: &+)
            total.overLimit &+= one.overLimit
            total.slowReaders &+= one.slowReaders
        }
    }

    /// Counted on the loop alone, by calls that call nothing.
    @exclusivity(unchecked) var totals = Totals()
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
        guard let span = newSpan else {
            let response = await engine.execute(prepared, in: context)
            count(prepared, response.outcome, since: start)
            return response
        }
        let response = await span.during { await engine.execute(prepared, in: context) }
        count(prepared, response.outcome, since: start)
        span.finish(prepared, response.outcome)
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
        let span = newSpan
        var outcome: Response.Outcome?
        // What comes later is a part of it, too; and who goes away while it is under way has begun it.
        defer { span?.finish(prepared, outcome) }
        try await during(span) {
            try await engine.execute(prepared, in: context, as: format) { part in
                if outcome == nil {
                    outcome = part.outcome
                    count(prepared, part.outcome, since: start)
                }
                try await deliver(part)
            }
        }
    }

    /// Opens the stream of a subscription, and counts whether it could be.
    func subscribe(_ prepared: PreparedRequest, in context: ExecutionContext) async -> SubscriptionOutcome {
        let start = EventLoop.monotonicTime()
        let span = newSpan
        let result = await during(span) { await engine.subscribe(prepared, in: context) }
        let outcome: Response.Outcome =
            switch result {
            case .refused(let response): response.outcome
            case .stream: .executed(hasErrors: false)
            }
        count(prepared, outcome, since: start)
        span?.finish(prepared, outcome)
        return result
    }

    private func during<Value>(_ span: ActiveSpan?, _ body: () async throws -> Value) async rethrows -> Value {
        guard let span else { return try await body() }
        return try await span.during(body)
    }

    /// Nil where the trace of the request is not kept.
    private var newSpan: ActiveSpan? {
        guard let tracer = configuration.tracer, let trace = ServedRequest.current?.trace else { return nil }
        return ActiveSpan(of: trace, tracer)
    }

    private func count(_ prepared: PreparedRequest, _ outcome: Response.Outcome, since start: UInt64) {
        guard let counters = loopCounters else { return }
        let kind = OperationCounters.Kind(prepared.operationType)
        counters.totals.add(kind, OperationCounters.Outcome(outcome))
        let now = EventLoop.monotonicTime()
        counters.totals.add(kind, nanoseconds: now &- start)
        if let log = configuration.log, log.writes(.debug) {
            log.operation(prepared, OperationCounters.Outcome(outcome), nanoseconds: now &- start)
        }
        configuration.operations?.note(prepared, outcome, nanoseconds: now &- start, at: now)
    }
}
