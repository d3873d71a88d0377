import EventLoop
import PostgresEmbedded
import PostgresTesting
import Testing

@testable import PostgresClient

@Suite(.serialized) struct CancelRequestTests {
    @Test func `a request that gets no answer holds up those to other servers no longer`() async throws {
        let threads = try #require(CancelRequest.threads(for: "elsewhere 5432"))
        let gate = Gate()
        let hanging = (0..<4).map { _ in Task { try? await threads.run { gate.wait() } } }
        while threads.metrics.running + threads.metrics.queued < 4 { await Task.yield() }
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
        for one in hanging { await one.value }
    }

    @Test func `each server has threads of its own`() async throws {
        let elsewhere = try TestCluster.start("cancelled")
        defer { elsewhere.stop() }
        let databases = [try TestCluster.database(), elsewhere.connectionString]
        let servers = try await onLoop { loop in
            var servers: [String] = []
            for database in databases + databases {
                let connection = try await PostgresConnection.connect(ConnectionOptions(database), on: loop)
                defer { connection.close() }
                let handle = try #require(connection.handle)
                servers.append(try #require(CancelRequest(handle)).server)
            }
            return servers
        }
        #expect(servers[0] != servers[1])
        #expect(servers.prefix(2) == servers.suffix(2))
        let threads = servers.map { CancelRequest.threads(for: $0) }
        #expect(threads[0] !== threads[1] && threads[0] === threads[2])
    }

    @Test func `a request whose turn comes too late is not sent`() async throws {
        let database = try TestCluster.database()
        try await onLoop { loop in
            let connection = try await PostgresConnection.connect(ConnectionOptions(database), on: loop)
            defer { connection.close() }
            let handle = try #require(connection.handle)
            let request = try #require(CancelRequest(handle))
            #expect(await request.send(within: .seconds(30)))
            #expect(await !request.send(within: .zero))
        }
    }
}
