import EventLoop
import Testing

@Suite(.timeLimit(.minutes(3))) struct TimerTests {
    @Test func `timers fire in the order of their times, and only when due`() async throws {
        let group = try EventLoopGroup()
        let loop = group.loops[0]
        let log = HandlerLog()
        try await loop.run {
            let start = loop.now
            for delay in [30, 10, 20, 1, 25, 5] as [UInt64] {
                loop.timer {
                    #expect(loop.now >= start + delay * 1_000_000)
                    log.note("\(delay)")
                }.set(at: start + delay * 1_000_000)
            }
        }
        await log.wait(for: "30")
        #expect(log.notes == ["1", "5", "10", "20", "25", "30"])
        await group.stop()
    }

    @Test func `a timer can be moved both ways, rested and cancelled`() async throws {
        let group = try EventLoopGroup()
        let loop = group.loops[0]
        let log = HandlerLog()
        try await loop.run {
            let later = loop.timer { log.note("later") }
            later.set(after: 5_000_000)
            later.set(after: 60_000_000)
            let sooner = loop.timer { log.note("sooner") }
            sooner.set(after: 3_600_000_000_000)
            sooner.set(after: 30_000_000)
            let rested = loop.timer { log.note("rested") }
            rested.set(after: 1_000_000)
            rested.rest()
            let cancelled = loop.timer { log.note("cancelled") }
            cancelled.set(after: 1_000_000)
            cancelled.cancel()
        }
        await log.wait(for: "later")
        #expect(log.notes == ["sooner", "later"])
        await group.stop()
    }

    @Test func `many timers set and cancelled at random keep their order`() async throws {
        let group = try EventLoopGroup()
        let loop = group.loops[0]
        let log = HandlerLog()
        try await loop.run {
            var random = SplitMix(seed: 7)
            let start = loop.now
            var last: UInt64 = 0
            var timers: [Timer] = []
            for _ in 0..<2_000 {
                let due = start + random.next() % 40_000_000
                let timer = loop.timer {
                    #expect(due >= last)
                    last = due
                }
                timer.set(at: due)
                timers.append(timer)
            }
            for timer in timers where random.next() % 2 == 0 { timer.cancel() }
            loop.timer { log.note("end") }.set(at: start + 50_000_000)
        }
        await log.wait(for: "end")
        await group.stop()
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
