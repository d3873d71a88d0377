import EventLoop
import Glibc
import Testing

@Suite(.timeLimit(.minutes(3))) struct TaskTests {
    @Test func `threads leave the signals of the process to others, and take those of their own faults`() async throws {
        let group = try EventLoopGroup()
        let pool = try BlockingPool(threads: 1)
        for blocked in [try await group.loops[0].run { blockedSignals() }, try await pool.run { blockedSignals() }] {
            #expect(blocked.isSuperset(of: [SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGCHLD]))
            #expect(blocked.isDisjoint(with: [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS]))
        }
        await group.stop()
    }

    @Test func `a task, its children and its continuations stay on the loop`() async throws {
        let group = try EventLoopGroup(count: 2)
        for loop in group.loops {
            let log = HandlerLog()
            loop.execute {
                loop.startTask {
                    #expect(isOn(loop))
                    await Task.yield()
                    #expect(isOn(loop))
                    async let child = isOn(loop)
                    #expect(await child)
                    try? await loop.sleep(for: .milliseconds(2))
                    #expect(isOn(loop))
                    await withCheckedContinuation { continuation in
                        onNewThread { continuation.resume() }
                    }
                    #expect(isOn(loop))
                    log.note("done")
                }
            }
            await log.wait(for: "done")
        }
        await group.stop()
    }

    @Test func `a task runs at once up to its first suspension`() async throws {
        let group = try EventLoopGroup()
        let loop = group.loops[0]
        let order = HandlerLog()
        try await loop.run {
            loop.startTask {
                order.note("task begins")
                await Task.yield()
                order.note("task ends")
            }
            order.note("caller goes on")
        }
        await order.wait(for: "task ends")
        #expect(order.notes == ["task begins", "caller goes on", "task ends"])
        await group.stop()
    }

    @Test func `a cancelled sleep ends early`() async throws {
        let group = try EventLoopGroup()
        let loop = group.loops[0]
        let task = try await loop.run {
            loop.startTask {
                do {
                    try await loop.sleep(for: .seconds(3_600))
                    return false
                } catch { return error is CancellationError }
            }
        }
        task.cancel()
        #expect(await task.value)
        await group.stop()
    }

    @Test func `jobs without end do not starve timers`() async throws {
        let group = try EventLoopGroup()
        let loop = group.loops[0]
        let log = HandlerLog()
        let task = try await loop.run {
            loop.timer { log.note("timer") }.set(after: 1_000_000)
            return loop.startTask {
                while !Task.isCancelled { await Task.yield() }
            }
        }
        await log.wait(for: "timer")
        task.cancel()
        await task.value
        await group.stop()
    }

    @Test func `end-of-turn hooks run after the jobs of the turn, once`() async throws {
        final class Hook: EndOfTurnHandler {
            let log: HandlerLog
            init(_ log: HandlerLog) { self.log = log }
            func endOfTurn() { log.note("hook") }
        }
        let group = try EventLoopGroup()
        let loop = group.loops[0]
        let log = HandlerLog()
        try await loop.run {
            loop.atEndOfTurn(Hook(log))
            loop.startTask {
                await Task.yield()
                log.note("job")
            }
            log.note("call")
        }
        await log.wait(for: "hook")
        try await loop.run {}
        #expect(log.notes == ["call", "job", "hook"])
        await group.stop()
    }

    @Test func `another descriptor can be watched`() async throws {
        let group = try EventLoopGroup()
        let loop = group.loops[0]
        let log = HandlerLog()
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        let watch = try await loop.run {
            let watch = try loop.watch(reading) { readiness in
                #expect(readiness.contains(.readable))
                var byte: UInt8 = 0
                Glibc.read(reading, &byte, 1)
                log.note("byte \(byte)")
            }
            watch.interest = .readable
            return watch
        }
        for byte in [1, 2] as [UInt8] {
            _ = withUnsafeBytes(of: byte) { write(writing, $0.baseAddress, 1) }
            await log.wait(for: "byte \(byte)")
        }
        try await loop.run { watch.cancel() }
        close(reading)
        close(writing)
        await group.stop()
    }
}

/// Not inlined: the compiler may not move the question across a suspension.
@inline(never) private func isOn(_ loop: EventLoop) -> Bool { loop.isCurrent }

private func onNewThread(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void; init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    pthread_create(
        &thread,
        nil,
        { argument in
            Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
            return nil
        },
        Unmanaged.passRetained(Box(body)).toOpaque()
    )
    pthread_detach(thread)
}

/// Those that the thread does not hear of.
private func blockedSignals() -> Set<Int32> {
    var signals = sigset_t()
    pthread_sigmask(SIG_BLOCK, nil, &signals)
    return Set((1..<32).filter { sigismember(&signals, $0) == 1 })
}
