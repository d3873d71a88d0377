import Data
import EventLoop
import PostgresClient
import PostgresTesting
import Testing
import WaitTesting

/// What a worker does while the database keeps it waiting.
@Suite(.timeLimit(.minutes(3))) struct HeldUpWorkerTests {
    /// Names of jobs that have begun; used on one loop.
    private final class Log: @unchecked Sendable { var names: [String] = [] }

    private static let states = Statement<String>("SELECT status || ' ' || attempts FROM jobs ORDER BY name")

    @Test func `what a worker is given after its stop is given back with all its attempts`() async throws {
        try await withPool(try await migratedDatabase()) { pool in
            let log = Log()
            var options = JobWorker.Options()
            options.pollInterval = .seconds(600)
            let worker = JobWorker(pool, name: "worker", options) { log.names.append($0.name) }
            var job = NewJob("job")
            job.maximumAttempts = 1
            let added = job
            let waits = Statement<Int>(
                """
                SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database AND datname = current_database()
                WHERE NOT granted AND relation = 'jobs'::regclass
                """
            )
            let stopping = try await pool.transaction { transaction in
                try await transaction.execute(PlainCommand("LOCK TABLE jobs IN EXCLUSIVE MODE"))
                try await transaction.enqueue([added])
                worker.wake()
                try await eventually("its claim") { try await pool.session().one(waits) == 1 }
                return pool.loop.startTask { await worker.stop(within: .seconds(20)) }
            }
            await stopping.value
            #expect(log.names == [] && worker.metrics.taken == 0)
            #expect(try await pool.session().rows(Self.states) == ["QUEUED 0"])
            let next = JobWorker(pool, name: "next") { log.names.append($0.name) }
            try await eventually { log.names == ["job"] }
            await next.stop(within: .seconds(5))
            #expect(try await pool.session().rows(Self.states) == ["SUCCEEDED 1"])
        }
    }

    @Test func `reads that do not end hold up neither jobs nor what they come to`() async throws {
        try await withPool(try await migratedDatabase()) { options in
            options.readConnections = 1
            options.readsPerConnection = 1
            options.queueDeadline = .seconds(120)
            options.statementDeadline = .seconds(120)
        } _: { pool in
            let slow = Statement<Int>("SELECT 1 FROM pg_sleep(120)")
            let reading = pool.loop.startTask { try? await pool.session().one(slow) }
            let log = Log()
            var options = JobWorker.Options()
            options.concurrency = 1
            options.pollInterval = .milliseconds(20)
            let worker = JobWorker(pool, name: "worker", options) { log.names.append($0.name) }
            try await pool.transaction { try await $0.enqueue(["a", "b", "c"].map { NewJob($0) }, waking: worker) }
            try await eventually { log.names.count == 3 }
            await worker.stop(within: .seconds(5))
            reading.cancel()
            _ = await reading.value
            #expect(try await pool.session().rows(Self.states) == ["SUCCEEDED 1", "SUCCEEDED 1", "SUCCEEDED 1"])
        }
    }
}
