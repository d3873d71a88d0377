import Data
import EventLoop
import Glibc
import PostgresClient

/// Clients that send each write again, with its key, until they are told that it is done. The numbers of those go to
/// standard output, a line each, and last what happened on the way.
struct WriteBench {
    private static let writers = 16
    private static let add = Command<Int>("INSERT INTO ledger (number) VALUES ($1)")
    private let loop: EventLoop
    private let pool: PostgresPool

    init(_ connection: String, _ loop: EventLoop) {
        self.loop = loop
        pool = PostgresPool(PoolOptions(connection), on: loop)
    }

    func run(seconds: Int) async throws {
        let end = EventLoop.monotonicTime() + UInt64(seconds) * 1_000_000_000
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<Self.writers { group.addTask { try await write(from: writer, until: end) } }
            try await group.waitForAll()
        }
        let metrics = pool.transactionMetrics
        print("connections lost: \(metrics.connectionsLost), commits unknown: \(metrics.commitsUnknown)")
    }

    private func write(from first: Int, until end: UInt64) async throws {
        var options = IdempotentWork.Options()
        options.lease = .seconds(1)
        let work = IdempotentWork(pool, options)
        var number = first
        while EventLoop.monotonicTime() < end {
            let (key, hash) = ("number \(number)", Bytes([1]))
            let request = IdempotentRequest(principal: "user:\(first)", key: key, field: "add", hash: hash)
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
                    print(number)
                    number += Self.writers
                case .inProgress, .usedOtherwise: continue
                }
            } catch is PostgresError {
                // A client that is told to come later.
                try await loop.sleep(for: .milliseconds(10))
            } catch is LostIdempotencyClaim { continue }
        }
    }
}
