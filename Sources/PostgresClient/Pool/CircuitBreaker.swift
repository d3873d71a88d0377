/// When to try to connect: with growing pauses after failures, and not at all for requests once there were too many.
struct CircuitBreaker {
    enum State: Equatable {
        /// All is well, or nearly. → `open` by the last failure that is borne.
        case closed(failures: Int)
        /// Requests are refused. → `halfOpen` when the time has come and something is asked for.
        case open(failures: Int, until: UInt64)
        /// One attempt decides. → `closed` by its success, → `open` by its failure.
        case halfOpen(failures: Int)
    }

    private(set) var state = State.closed(failures: 0)
    /// No attempt before this time.
    private(set) var notBefore: UInt64 = 0
    let threshold: Int
    /// In nanoseconds.
    let first: UInt64
    let longest: UInt64

    enum Answer: Equatable {
        case attempt
        case wait(until: UInt64)
        case refuse(until: UInt64)
    }

    /// Whether an attempt may begin now; the one that is let through an open breaker is a probe.
    mutating func ask(now: UInt64) -> Answer {
        switch state {
        case .closed: return now >= notBefore ? .attempt : .wait(until: notBefore)
        case .open(let failures, let until):
            guard now >= until else { return .refuse(until: until) }
            state = .halfOpen(failures: failures)
            return .attempt
        case .halfOpen: return .wait(until: now)
        }
    }

    /// When requests are refused, the time of the next attempt.
    func refusal(now: UInt64) -> UInt64? {
        if case .open(_, let until) = state, now < until { until } else { nil }
    }

    mutating func succeeded() {
        state = .closed(failures: 0)
        notBefore = 0
    }

    /// The pause is drawn evenly from zero to its bound, which doubles: those who failed together do not return
    /// together.
    mutating func failed(now: UInt64, random: inout some RandomNumberGenerator) {
        let failures =
            switch state {
            case .closed(let failures), .open(let failures, _), .halfOpen(let failures): failures + 1
            }
        let bound = min(longest, first << UInt64(min(failures - 1, 20)))
        notBefore = now + UInt64.random(in: bound / 2...bound, using: &random)
        state = failures >= threshold ? .open(failures: failures, until: notBefore) : .closed(failures: failures)
    }
}
