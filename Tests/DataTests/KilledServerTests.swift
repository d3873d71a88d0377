import Data
import EventLoop
import Glibc
import PostgresClient
import PostgresEmbedded
import PostgresTesting
import Testing

/// PostgreSQL killed under writers whose writes cannot be repeated without being two.
@Suite(.serialized, .timeLimit(.minutes(3))) struct KilledServerTests {
    private static let add = Command<Int>("INSERT INTO ledger (number) VALUES ($1)")
    private static let twice = Statement<Int>("SELECT number FROM ledger GROUP BY number HAVING count(*) > 1")
    private static let all = Statement<Int>("SELECT number FROM ledger ORDER BY number")

    @Test func `with idempotency keys every acknowledged write is there once`() async throws {
        let cluster = try TestCluster.start("killed")
        defer { cluster.stop() }
        try await onLoop { loop in
            let options = ConnectionOptions(cluster.connectionString)
            _ = try await Migrator.with(options, on: loop) { try await $0.up() }
        }
        try TestCluster.execute("CREATE TABLE ledger (number int8 NOT NULL)", on: cluster.connectionString)
        let rounds = 10
        let killer = Killer(cluster)
        let (acknowledged, kept, repeated) = try await withPool(cluster.connectionString) { options in
            options.queueDeadline = .seconds(30)
            options.statementDeadline = .seconds(30)
            options.longestBackOff = .milliseconds(200)
            options.breakerThreshold = 1_000
            options.transactionAttempts = 50
        } _: { pool in
            let acknowledged = try await withThrowingTaskGroup(of: [Int].self) { group in
                for writer in 0..<8 {
                    group.addTask { try await Self.write(from: writer, by: 8, pool) { killer.count >= rounds } }
                }
                group.addTask {
                    while killer.count < rounds {
                        try await pool.loop.sleep(for: .milliseconds(300))
                        killer.kill()
                    }
                    return []
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let session = pool.session()
            return (acknowledged, try await session.rows(Self.all), try await session.rows(Self.twice))
        }
        #expect(killer.count == rounds)
        #expect(acknowledged.count > 100)
        #expect(repeated.isEmpty)
        #expect(Set(acknowledged).subtracting(kept).isEmpty)
    }

    /// A client that sends each write again with its key until it is acknowledged.
    private static func write(
        from first: Int,
        by step: Int,
        _ pool: PostgresPool,
        until isOver: () -> Bool
    ) async throws -> [Int] {
        var options = IdempotentWork.Options()
        options.lease = .seconds(1)
        let work = IdempotentWork(pool, options)
        var acknowledged: [Int] = []
        var number = first
        while !isOver() {
            let request = IdempotentRequest(
                principal: "user:\(first)",
                key: "number \(number)",
                field: "add",
                hash: Bytes([1])
            )
            let written = number
            do {
                let outcome = try await work.run(request) { claim in
                    try await pool.transaction { transaction in
                        try await transaction.execute(Self.add, written)
                        try await transaction.settle(claim, ids: [])
                    }
                }
                switch outcome {
                case .done, .repeated:
                    acknowledged.append(number)
                    number += step
                case .inProgress: continue
                case .usedOtherwise: Issue.record("the key of \(number) is another's")
                }
            } catch is PostgresError { continue } catch is LostIdempotencyClaim { continue }
        }
        return acknowledged
    }

    /// Kills the server's main process, when it has a new one. Used on one loop.
    private final class Killer: @unchecked Sendable {
        private let cluster: EmbeddedPostgres
        private var last: Int32 = 0
        private(set) var count = 0

        init(_ cluster: EmbeddedPostgres) { self.cluster = cluster }

        func kill() {
            guard let process = cluster.serverProcess, process != last else { return }
            last = process
            if Glibc.kill(process, SIGKILL) == 0 { count += 1 }
        }
    }
}
