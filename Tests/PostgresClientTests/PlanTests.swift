import EventLoop
import PostgresClient
import PostgresTesting
import Synchronization
import Testing

/// How PostgreSQL runs what an observer kept.
@Suite(.timeLimit(.minutes(3))) struct PlanTests {
    private static let insert = Command<Int, String?>("INSERT INTO things (n, name) VALUES ($1, $2)")
    private static let named = Statement<Int, [Int], String>("SELECT n FROM things WHERE n = ANY ($1) AND name <> $2")
    private static let count = Statement<Int>("SELECT count(*) FROM things")

    private func database() throws -> String {
        try TestCluster.database(template: "planned things") {
            try TestCluster.execute("CREATE TABLE things (n int8 PRIMARY KEY, name text)", on: $0)
        }
    }

    @Test func `a read is run for its plan, a change is not`() async throws {
        let recorded = Mutex<[RecordedStatement]>([])
        try await withPool(try database()) { options in
            options.observer = {
                StatementObserver(now: { 0 }, recordsParameters: true) { _, _, _, statement in
                    if let statement { recorded.withLock { $0.append(statement) } }
                }
            }
        } _: { pool in
            try await pool.transaction { try await $0.execute(Self.insert, 1, nil) }
            _ = try await pool.session().rows(Self.named, [1, 2, 3], "")
            let kept = recorded.withLock { $0 }
            #expect(kept.count == 2, "COMMIT has no plan")
            for _ in 0..<2 {
                let change = try await pool.plan(of: kept[0])
                #expect(change.first?.hasPrefix("Insert on things") == true && !change[0].contains("actual"))
                let read = try await pool.plan(of: kept[1]).joined(separator: "\n")
                #expect(read.contains("actual time=") && read.contains("things"), "\(read)")
            }
            let count = try await pool.session().one(Self.count)
            #expect(count == 1)
        }
    }

    @Test func `of statements that fail the observer hears as well, and of none behind them`() async throws {
        let heard = Mutex<[String]>([])
        try await withPool(try database()) { options in
            options.observer = {
                StatementObserver(now: { 0 }) { _, outcome, _, _ in
                    let text =
                        switch outcome {
                        case .rows(let count): "\(count)"
                        case .failed(let error): (error as? PostgresError)?.fault?.state.code ?? "\(error)"
                        }
                    heard.withLock { $0.append(text) }
                }
            }
        } _: { pool in
            await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    var batch = StatementBatch()
                    batch.execute(Self.insert, 1, nil)
                    batch.execute(Self.insert, 1, nil)
                    batch.execute(Self.insert, 2, nil)
                    try await transaction.run(batch)
                }
            }
            let lost = Statement<Int, Int>("SELECT 1 / $1")
            await #expect(throws: PostgresError.self) { try await pool.session().one(lost, 0) }
        }
        #expect(heard.withLock { $0 } == ["1", "23505", "22012"])
    }

    @Test func `who does not want parameters gets none`() async throws {
        let heard = Mutex(0)
        try await withPool(try database()) { options in
            options.observer = {
                StatementObserver(now: { 0 }) { _, _, _, statement in
                    heard.withLock { $0 += 1 }
                    #expect(statement == nil)
                }
            }
        } _: { pool in
            _ = try await pool.session().one(Self.count)
        }
        #expect(heard.withLock { $0 } == 1)
    }

    @Test func `what a null switches off is planned for its values, and all else once`() async throws {
        let list = Statement<Int, [Int]>("SELECT n FROM things WHERE n = ANY ($1)")
        let filtered = Statement<Int, [Int]?>("SELECT n FROM things WHERE ($1::int8[] IS NULL OR n = ANY ($1))")
        let plans = Statement<Int, String>(
            "SELECT generic_plans FROM pg_prepared_statements WHERE position($1 IN statement) = 1"
        )
        try await withPool(try database()) { pool in
            let session = pool.session()
            for _ in 0..<10 {
                _ = try await session.rows(list, [1])
                _ = try await session.rows(filtered, nil)
            }
            #expect(try await session.rows(plans, "SELECT n FROM things WHERE n = ANY") == [10])
            #expect(try await session.rows(plans, "SELECT n FROM things WHERE ($1") == [0])
        }
    }
}
