import Testing

@testable import OutboundHTTP

@Suite(.timeLimit(.minutes(3))) struct CircuitBreakerTests {
    private let second: UInt64 = 1_000_000_000
    private var breakers: CircuitBreakers {
        var options = CircuitOptions()
        options.failures = 3
        options.opensFor = .seconds(10)
        options.opensAtMost = .seconds(35)
        options.servers = 2
        return CircuitBreakers(options)
    }

    private func admits(_ breakers: inout CircuitBreakers, _ server: String, _ now: UInt64) -> Bool {
        breakers.admits(server, at: now)
    }

    private func opened() -> CircuitBreakers {
        var breakers = breakers
        for _ in 0..<3 { breakers.failed("a", at: 0) }
        return breakers
    }

    @Test func `failures in a row open the circuit, and a success between them begins anew`() {
        var breakers = breakers
        for _ in 0..<2 { breakers.failed("a", at: 0) }
        breakers.succeeded("a")
        for _ in 0..<2 { breakers.failed("a", at: 0) }
        #expect(admits(&breakers, "a", 0))
        breakers.failed("a", at: 0)
        #expect(!admits(&breakers, "a", 10 * second - 1))
        #expect(admits(&breakers, "b", 0))
        #expect(breakers.openCount(at: 0) == 1 && breakers.isOpen("a", at: 10 * second - 1))
        // Nobody has asked since, so that no probe was sent; nobody is refused either.
        #expect(breakers.openCount(at: 10 * second) == 0 && !breakers.isOpen("a", at: 10 * second))
    }

    @Test func `after its time one request is let through, and its success closes the circuit`() {
        var breakers = opened()
        #expect(admits(&breakers, "a", 10 * second))
        #expect(!admits(&breakers, "a", 10 * second) && breakers.isOpen("a", at: 10 * second))
        breakers.succeeded("a")
        #expect(admits(&breakers, "a", 10 * second))
        #expect(breakers.openCount(at: 10 * second) == 0)
    }

    @Test func `each probe that fails doubles the time, up to a limit`() {
        var breakers = opened()
        var now = 10 * second
        for wait: UInt64 in [20, 35, 35] {
            #expect(admits(&breakers, "a", now))
            breakers.failed("a", at: now)
            #expect(!admits(&breakers, "a", now + wait * second - 1))
            now += wait * second
        }
        #expect(admits(&breakers, "a", now))
    }

    @Test func `a probe that tells nothing is followed by another one`() {
        var breakers = opened()
        #expect(admits(&breakers, "a", 10 * second))
        breakers.abandoned("a", at: 10 * second)
        #expect(admits(&breakers, "a", 10 * second))
        #expect(!admits(&breakers, "a", 10 * second))
    }

    @Test func `failures of requests from before the circuit was opened change nothing`() {
        var breakers = opened()
        breakers.failed("a", at: 9 * second)
        #expect(admits(&breakers, "a", 10 * second))
    }

    @Test func `servers that nobody has asked for a while make room for others`() {
        var breakers = breakers
        for _ in 0..<3 { breakers.failed("a", at: 0) }
        breakers.failed("b", at: 0)
        // Their time is not over yet.
        for _ in 0..<3 { breakers.failed("c", at: 30 * second) }
        #expect(admits(&breakers, "c", 30 * second))
        for _ in 0..<3 { breakers.failed("c", at: 41 * second) }
        #expect(!admits(&breakers, "c", 41 * second))
        // As it was when the first of them was not over.
        #expect(breakers.openCount(at: 9 * second) == 2)
        for _ in 0..<3 { breakers.failed("b", at: 100 * second) }
        #expect(!admits(&breakers, "b", 100 * second))
        #expect(breakers.openCount(at: 100 * second) == 1)
    }

    @Test func `only so many servers are remembered`() {
        var breakers = breakers
        for _ in 0..<3 { for server in ["a", "b", "c"] { breakers.failed(server, at: 0) } }
        let admitted = ["a", "b", "c"].filter { breakers.admits($0, at: 0) }
        #expect(admitted == ["c"])
    }
}
