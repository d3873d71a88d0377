import EventLoop
import PostgresClient
import PostgresTesting
import Testing

@Suite struct SingleWriteTests {
    private static let insert = Command<Int>("INSERT INTO single (n) VALUES ($1)")
    private static let count = Statement<Int>("SELECT count(*) FROM single")

    private func database() throws -> String {
        try TestCluster.database(template: "single") {
            try TestCluster.execute("CREATE TABLE single (n int8 PRIMARY KEY)", on: $0)
        }
    }

    @Test func `a single write takes one statement and is there for all`() async throws {
        try await withPool(try database()) { pool in
            let added = Statement<Int, Int>("INSERT INTO single (n) VALUES ($1) RETURNING n")
            for number in 1...3 {
                let row = try await pool.write().one(added, number)
                #expect(row == number)
            }
            let changed = try await pool.write().execute(Command<Int>("UPDATE single SET n = n + $1"), 10)
            #expect(changed == 3)
            let count = try await pool.session().one(Self.count)
            #expect(count == 3)
            #expect(pool.transactionMetrics.statements.statements == 4)
        }
    }

    @Test func `a single write that is refused changes nothing and its connection is fit for the next`() async throws {
        try await withPool(try database()) { options in
            options.transactionConnections = 1
        } _: { pool in
            try await pool.write().execute(Self.insert, 1)
            let error = await #expect(throws: PostgresError.self) {
                try await pool.write().execute(Command<[Int]>("INSERT INTO single SELECT unnest($1)"), [2, 3, 1])
            }
            #expect(error?.fault?.state == .uniqueViolation)
            try await pool.write().execute(Self.insert, 2)
            let count = try await pool.session().one(Self.count)
            #expect(count == 2)
            #expect(pool.transactionMetrics.connects == 1)
        }
    }

    @Test func `a single write whose connection is lost may have happened`() async throws {
        try await withPool(try database()) { pool in
            let slow = Statement<Int>("INSERT INTO single SELECT 1 FROM pg_sleep(30) RETURNING 1")
            let task = pool.loop.startTask { () -> PostgresError? in
                do { _ = try await pool.write().one(slow) } catch { return error as? PostgresError }
                return nil
            }
            while pool.transactionMetrics.statements.statements == 0 {
                try await pool.loop.sleep(for: .milliseconds(5))
            }
            pool.close()
            #expect(await task.value == .commitUnknown)
            #expect(pool.transactionMetrics.commitsUnknown == 1)
        }
    }
}
