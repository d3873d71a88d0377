import Testing

@testable import PostgresClient

@Suite(.timeLimit(.minutes(3))) struct CircuitBreakerTests {
    private func breaker() -> CircuitBreaker { CircuitBreaker(threshold: 3, first: 100, longest: 1_000) }

    @Test func `pauses grow to their longest, and no two of them are alike`() {
        var random = SystemRandomNumberGenerator()
        var firsts: Set<UInt64> = []
        for _ in 0..<50 {
            var breaker = breaker()
            let bounds: [UInt64] = [100, 200, 400, 800, 1_000, 1_000, 1_000]
            for (failures, bound) in bounds.enumerated() {
                breaker.failed(now: 5_000, random: &random)
                let pause = breaker.notBefore - 5_000
                #expect((bound / 2...bound).contains(pause), "after \(failures + 1) failures: \(pause)")
                if failures == 4 { firsts.insert(pause) }
            }
        }
        #expect(firsts.count > 10)
    }

    @Test func `before too many failures requests wait, then they are refused`() {
        var random = SystemRandomNumberGenerator()
        var breaker = breaker()
        breaker.failed(now: 0, random: &random)
        breaker.failed(now: 0, random: &random)
        #expect(breaker.refusal(now: 0) == nil)
        #expect(breaker.ask(now: 0) == .wait(until: breaker.notBefore))
        breaker.failed(now: 0, random: &random)
        #expect(breaker.refusal(now: 0) == breaker.notBefore)
        #expect(breaker.ask(now: 0) == .refuse(until: breaker.notBefore))
    }

    @Test func `one attempt decides whether it closes or stays open`() {
        var random = SystemRandomNumberGenerator()
        var breaker = breaker()
        for _ in 0..<3 { breaker.failed(now: 0, random: &random) }
        let time = breaker.notBefore
        #expect(breaker.refusal(now: time) == nil)
        #expect(breaker.ask(now: time) == .attempt)
        #expect(breaker.state == .halfOpen(failures: 3))
        // Others wait for what comes of it.
        #expect(breaker.ask(now: time) == .wait(until: time))
        #expect(breaker.refusal(now: time) == nil)
        breaker.failed(now: time, random: &random)
        #expect(breaker.refusal(now: time) == breaker.notBefore)
        #expect(breaker.ask(now: breaker.notBefore) == .attempt)
        breaker.succeeded()
        #expect(breaker.state == .closed(failures: 0))
        #expect(breaker.ask(now: time) == .attempt)
    }
}
