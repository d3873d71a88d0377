import EventLoop
import Glibc
import Synchronization
import Testing
import WaitTesting

@Suite(.timeLimit(.minutes(3))) struct BlockingPoolTests {
    struct Refused: Error {}

    @Test func `results and errors come back to the caller's loop`() async throws {
        let group = try EventLoopGroup()
        let pool = try BlockingPool(threads: 2)
        let loop = group.loops[0]
        let task = try await loop.run {
            loop.startTask {
                let sum = try? await pool.run { (1...100).reduce(0, +) }
                let failed = await #expect(throws: Refused.self) { try await pool.run { throw Refused() } }
                return sum == 5_050 && failed != nil && loop.isCurrent
            }
        }
        #expect(await task.value)
        await group.stop()
    }

    @Test func `work beyond the queue limit is refused and counted`() async throws {
        let pool = try BlockingPool(threads: 1, queueLimit: 2)
        let gate = Gate()
        let first = Task { try await pool.run { gate.wait() } }
        try await eventually { pool.metrics.running != 0 }
        let queued = (0..<2).map { number in Task { try await pool.run { number } } }
        try await eventually { pool.metrics.queued >= 2 }
        await #expect(throws: BlockingPool.Refusal.queueFull) { try await pool.run {} }
        gate.open()
        try await first.value
        #expect(try await queued[0].value == 0)
        #expect(try await queued[1].value == 1)
        #expect(pool.metrics.refused == 1)
        pool.stop()
        await #expect(throws: BlockingPool.Refusal.stopped) { try await pool.run {} }
    }
}

/// Holds threads until it is opened.
private final class Gate: Sendable {
    private let isOpen = Atomic(false)
    func wait() { while !isOpen.load(ordering: .acquiring) { usleep(500) } }
    func open() { isOpen.store(true, ordering: .releasing) }
}
