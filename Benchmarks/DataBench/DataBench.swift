import Data
import EventLoop
import Glibc
import PostgresClient

/// Measures what stands on PostgreSQL, for Benchmarks/live.sh and Benchmarks/kills.sh:
/// `data-bench migrate|feed|reconnect|jobs|work|write CONNECTION [NUMBER]`.
@main struct DataBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { usage() }
        let (connection, number) = (arguments[2], arguments.count > 3 ? Int(arguments[3]) : nil)
        let loop = try EventLoopGroup().loops[0]
        switch arguments[1] {
        case "migrate":
            try await onLoop(loop) {
                _ = try await Migrator.with(ConnectionOptions(connection), on: loop) { try await $0.up() }
            }
        case "feed": try await onLoop(loop) { try await FeedBench(connection, loop).run(seconds: number ?? 10) }
        case "reconnect": try await onLoop(loop) { try await FeedBench(connection, loop).reconnect(number ?? 1_000) }
        case "jobs":
            try await onLoop(loop) {
                for atOnce in [16, 256] {
                    try await JobBench(connection, loop).run(jobs: number ?? 30_000, atOnce: atOnce)
                }
            }
        case "write": try await onLoop(loop) { try await WriteBench(connection, loop).run(seconds: number ?? 30) }
        case "work": try await onLoop(loop) { try await JobBench(connection, loop).workUntilKilled() }
        default: usage()
        }
    }

    private static func usage() -> Never {
        print("usage: data-bench migrate|feed|reconnect|jobs|work|write CONNECTION [NUMBER]")
        exit(2)
    }

    private static func onLoop(_ loop: EventLoop, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            loop.execute {
                loop.startTask {
                    do {
                        try await body()
                        done.resume()
                    } catch { done.resume(throwing: error) }
                }
            }
        }
    }
}
