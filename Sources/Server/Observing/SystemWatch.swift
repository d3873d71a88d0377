import EventLoop
import GraphQLTransport
import HTTPServer
import Synchronization

/// Remembers what the process had done at moments of the last minutes, so that rates can be told of the present.
final class SystemWatch: Sendable {
    /// What had been done by a moment.
    struct Sample: Sendable {
        var at = EventLoop.monotonicTime()
        var process = ProcessFigures()
        /// Nanoseconds that all loops were busy.
        var turns: UInt64 = 0
        var operations = ServedOperations()
        var http = HTTPServerMetrics()
    }

    /// What was done from one moment to another.
    struct Rates: Sendable {
        var cpuPercent = 0.0
        var loopPercent = 0.0
        var errorRate = 0.0
        var requestsPerSecond = 0.0
    }

    private struct Parts: Sendable {
        let handler: GraphQLHandler
        let server: HTTPServer
    }

    /// Of a loop; it ends with it.
    private final class Clock {
        var timer: Timer?
    }

    private static let interval: UInt64 = 15_000_000_000
    /// Over how many intervals rates are told.
    private static let intervals = 4

    private let parts = Mutex<Parts?>(nil)
    private let samples: Mutex<[Sample]>
    private let startedAt = EventLoop.monotonicTime()

    init() { samples = Mutex([Sample()]) }

    var uptimeSeconds: Int { Int((EventLoop.monotonicTime() &- startedAt) / 1_000_000_000) }

    /// - Parameter samples: whether rates are told of the last minute, and not of all the time.
    func watch(_ handler: GraphQLHandler, _ server: HTTPServer, samples: Bool = true) {
        parts.withLock { $0 = Parts(handler: handler, server: server) }
        guard samples, let loop = server.group.loops.first else { return }
        loop.execute { [self] in
            let clock = loop.local(of: self) { Clock() }
            let timer = loop.timer { [self, unowned clock] in
                clock.timer?.set(after: Self.interval)
                loop.startTask { [self] in keep(await sample()) }
            }
            clock.timer = timer
            timer.set(after: Self.interval)
        }
    }

    /// As it is now, with what was done since a minute ago.
    func now() async -> (sample: Sample, rates: Rates) {
        let sample = await sample()
        guard let first = samples.withLock({ $0.first }) else { return (sample, Rates()) }
        let loops = parts.withLock { $0?.server.group.loops.count } ?? 1
        return (sample, Self.rates(from: first, to: sample, loops: loops))
    }

    static func rates(from first: Sample, to last: Sample, loops: Int) -> Rates {
        let seconds = max(0.001, Double(last.at &- first.at) / 1e9)
        let executed = last.operations.executed &- first.operations.executed
        let failed = last.operations.withErrors &- first.operations.withErrors
        return Rates(
            cpuPercent: 100 * (last.process.cpuSeconds - first.process.cpuSeconds) / seconds,
            loopPercent: 100 * Double(last.turns &- first.turns) / 1e9 / seconds / Double(max(1, loops)),
            errorRate: executed == 0 ? 0 : Double(failed) / Double(executed),
            requestsPerSecond: Double(last.http.requests &- first.http.requests) / seconds
        )
    }

    private func sample() async -> Sample {
        var sample = Sample()
        guard let parts = parts.withLock({ $0 }) else { return sample }
        sample.turns = await parts.server.group.metrics().turns.sum
        sample.operations = await parts.handler.servedOperations(of: parts.server.group)
        sample.http = await parts.server.metrics()
        return sample
    }

    private func keep(_ sample: Sample) {
        samples.withLock { samples in
            samples.append(sample)
            samples.removeFirst(max(0, samples.count - Self.intervals))
        }
    }
}
