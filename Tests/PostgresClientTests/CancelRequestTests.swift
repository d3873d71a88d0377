import EventLoop
import PostgresTesting
import Testing

@testable import PostgresClient

@Suite(.serialized) struct CancelRequestTests {
    @Test func `a request that gets no answer holds up those to other servers no longer`() async throws {
        let threads = try #require(CancelRequest.threads)
        let gate = Gate()
        let hanging = Task { try? await threads.run { gate.wait() } }
        while threads.metrics.running < 1 { await Task.yield() }
        let slow = Statement<Int>("SELECT 1 FROM pg_sleep(60)")
        try await withPool(try TestCluster.database()) { options in
            options.readConnections = 1
            options.primary.cancelGrace = .seconds(5)
        } _: { pool in
            await #expect(throws: PostgresError.deadlineExceeded) {
                try await pool.session(within: .milliseconds(200)).one(slow)
            }
            // Over the same connection, which the server has freed.
            let one = try await pool.session().one(Statement<Int>("SELECT 1"))
            #expect(one == 1)
            #expect(pool.readMetrics.connects == 1)
        }
        gate.open()
        await hanging.value
    }
}
