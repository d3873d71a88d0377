import EventLoop
import PostgresClient
import PostgresTesting
import Testing

/// What statements that share a connection do to each other: nothing.
@Suite(.timeLimit(.minutes(3))) struct PipelineTests {
    private static let echo = Statement<Int, Int>("SELECT $1")
    private static let divide = Statement<Int, Int>("SELECT 1 / $1")
    private static let sleep = Statement<Int, Double>("SELECT 1 FROM pg_sleep($1)")

    @Test func `statements of one turn share one synchronisation`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { pool in
            let session = pool.session()
            _ = try await session.one(Self.echo, 0)
            let before = pool.readMetrics.statements
            let answers = try await all(0..<100) { try await session.one(Self.echo, $0) }
            let after = pool.readMetrics.statements
            #expect(answers == Array(0..<100))
            #expect(after.synchronisations - before.synchronisations == 1)
            #expect(after.preparations == before.preparations)
        }
    }

    @Test func `an error is that of its statement alone`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { pool in
            let session = pool.session()
            let answers = try await all(0..<60) { number -> Int? in
                do {
                    return number % 20 == 7
                        ? try await session.one(Self.divide, 0) : try await session.one(Self.echo, number)
                } catch let error as PostgresError where error.fault?.state == SQLState("22012") {
                    return nil
                }
            }
            #expect(answers == (0..<60).map { $0 % 20 == 7 ? nil : $0 })
            #expect(pool.readMetrics.statements.resent > 0)
        }
    }

    @Test func `a statement that cannot be prepared fails alone`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { pool in
            let session = pool.session()
            let wrong = Statement<Int, Int>("SELEKT $1")
            let missing = Statement<Int, Int>("SELECT n FROM nowhere WHERE n = $1")
            let answers = try await all(0..<30) { number -> String in
                do {
                    switch number {
                    case 3: return try await "\(session.one(wrong, 1))"
                    case 4: return try await "\(session.one(missing, 1))"
                    default: return try await "\(session.one(Self.echo, number))"
                    }
                } catch let error as PostgresError { return error.fault?.state.code ?? "\(error)" }
            }
            #expect(answers == (0..<30).map { $0 == 3 ? "42601" : $0 == 4 ? "42P01" : "\($0)" })
        }
    }

    @Test func `a description holds neither values nor SQL`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.session().one(Statement<Int, String>("SELECT $1::text::int"), "secret")
            }
            #expect(error?.description == "the database refused with 22P02")
            #expect(error?.fault?.message.contains("secret") == true)
        }
    }

    @Test func `a read connection changes nothing`() async throws {
        let database = try TestCluster.database()
        try TestCluster.execute("CREATE TABLE things (n int)", on: database)
        try await withPool(database) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.session().rows(Statement<Int>("INSERT INTO things VALUES (1) RETURNING n"))
            }
            #expect(error?.fault?.state == .readOnly)
        }
    }

    @Test func `a statement is prepared again when its tables change`() async throws {
        let database = try TestCluster.database()
        try TestCluster.execute("CREATE TABLE things AS SELECT 1 AS n", on: database)
        let statement = Statement<Int>("SELECT * FROM things")
        try await withPool(database) { pool in
            let session = pool.session()
            #expect(try await session.rows(statement) as [Int] == [1])
            try TestCluster.execute("ALTER TABLE things ALTER n TYPE int8", on: database)
            let answers = try await all(0..<5) { _ in try await session.one(statement) }
            #expect(answers == [1, 1, 1, 1, 1])
            try TestCluster.execute("DROP TABLE things", on: database)
            let error = await #expect(throws: PostgresError.self) { try await session.rows(statement) }
            #expect(error?.fault?.state == SQLState("42P01"))
        }
    }

    @Test func `a statement that the server has forgotten is prepared again`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { pool in
            let session = pool.session()
            _ = try await session.one(Self.echo, 1)
            _ = try? await session.run(Statement<Int>("DEALLOCATE ALL").text) { _ in }
            let answers = try await all(0..<10) { try await session.one(Self.echo, $0) }
            #expect(answers == Array(0..<10))
        }
    }

    @Test func `those who wait beside a read that ends their connection are sent again`() async throws {
        let database = try TestCluster.database()
        try TestCluster.execute(
            """
            CREATE TABLE ending (process int4);
            CREATE FUNCTION leave() RETURNS int8 LANGUAGE plpgsql AS $$
            BEGIN
                IF pg_backend_pid() <> ALL (SELECT process FROM ending) THEN RETURN 1; END IF;
                PERFORM pg_sleep(0.3);
                RAISE EXCEPTION 'going' USING ERRCODE = '57P03';
            END $$
            """,
            on: database
        )
        let leave = Statement<Int>("SELECT leave()")
        try await withPool(database) { options in
            options.readConnections = 1
        } _: { pool in
            let process = try await pool.session().one(Statement<Int>("SELECT pg_backend_pid()::int8"))
            try TestCluster.execute("INSERT INTO ending VALUES (\(process))", on: database)
            let sent = pool.readMetrics.statements.synchronisations
            let leaving = pool.loop.startTask { try? await pool.session().one(leave) }
            while pool.readMetrics.statements.synchronisations == sent {
                try await pool.loop.sleep(for: .milliseconds(1))
            }
            let answers = try await all(0..<10) { try await pool.session().one(Self.echo, $0) }
            #expect(answers == Array(0..<10))
            #expect(await leaving.value == 1)
            #expect(pool.readMetrics.connectionsLost == 1)
        }
    }

    @Test func `behind a pooler nothing is prepared by name`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { options in
            options.primary.preparesStatements = false
        } _: { pool in
            let session = pool.session()
            let answers = try await all(0..<20) { try await session.one(Self.echo, $0) }
            #expect(answers == Array(0..<20))
            let prepared = try await session.one(Statement<Int>("SELECT count(*) FROM pg_prepared_statements"))
            #expect(prepared == 0)
            let sum = try await pool.transaction { transaction in
                let one = try await transaction.one(Self.echo, 1)
                return try await transaction.one(Self.echo, 2) + one
            }
            #expect(sum == 3)
        }
    }

    @Test func `a deadline stops its statement and no other`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { pool in
            let slow = try await all(0..<3) { number -> String in
                do {
                    let limit: Duration? = number == 0 ? .milliseconds(50) : nil
                    return try await "\(pool.session(within: limit).one(Self.sleep, number == 0 ? 60 : 0))"
                } catch { return "\(error)" }
            }
            #expect(slow == [PostgresError.deadlineExceeded.description, "1", "1"])
            #expect(pool.readMetrics.connectionsLost == 0)
        }
        let running = try TestCluster.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep($1)' AND state = 'active' AND datname = current_database()",
            on: database
        )
        #expect(running == "0")
    }

    @Test func `a cancelled task stops its statement on the server`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { pool in
            let session = pool.session()
            let loop = pool.loop
            _ = try await session.one(Self.echo, 1)
            let task = loop.startTask { () -> Bool in
                do { _ = try await session.one(Self.sleep, 60) } catch is CancellationError { return true } catch {}
                return false
            }
            let neighbour = loop.startTask { try? await session.one(Self.echo, 5) }
            try await loop.sleep(for: .milliseconds(20))
            task.cancel()
            #expect(await task.value)
            #expect(await neighbour.value == 5)
            #expect(pool.readMetrics.statements.cancels >= 1)
        }
    }

    @Test func `large answers and parameters pass in both directions at once`() async throws {
        let database = try TestCluster.database()
        let repeated = Statement<Int, String, Int>("SELECT length(repeat($1, $2::int8::int))")
        try await withPool(database) { pool in
            let session = pool.session()
            let text = String(repeating: "x", count: 1 << 20)
            let lengths = try await all(0..<20) { try await session.one(repeated, text, $0) }
            #expect(lengths == (0..<20).map { $0 << 20 })
            let wide = Statement<String, Int>("SELECT repeat('y', $1::int)")
            let texts = try await all(0..<20) { _ in try await session.one(wide, 1 << 20).utf8.count }
            #expect(texts == [Int](repeating: 1 << 20, count: 20))
        }
    }

    @Test func `more reads than a connection takes wait their turn`() async throws {
        let database = try TestCluster.database()
        try await withPool(database) { options in
            options.readConnections = 1
            options.readsPerConnection = 4
            options.queueLimit = 200
        } _: { pool in
            let session = pool.session()
            let answers = try await all(0..<100) { try await session.one(Self.echo, $0) }
            #expect(answers == Array(0..<100))
            #expect(pool.readMetrics.connections == 1)
        }
    }

    @Test func `those behind a slow read do not end its connection when they go`() async throws {
        try await withPool(try TestCluster.database()) { options in
            options.primary.cancelGrace = .milliseconds(50)
            options.readConnections = 1
        } _: { pool in
            let session = pool.session()
            let loop = pool.loop
            _ = try await session.one(Self.echo, 1)
            let slow = loop.startTask { try? await session.one(Self.sleep, 0.5) }
            try await loop.sleep(for: .milliseconds(20))
            let behind = loop.startTask { try? await session.one(Self.sleep, 60) }
            let last = loop.startTask { try? await session.one(Self.echo, 7) }
            try await loop.sleep(for: .milliseconds(20))
            behind.cancel()
            #expect(await behind.value == nil)
            #expect(await slow.value == 1)
            #expect(await last.value == 7)
            #expect(pool.readMetrics.connectionsLost == 0)
            #expect(pool.readMetrics.connects == 1)
        }
    }

    @Test func `what a connection string sets is added to what the program relies on`() async throws {
        let database = try TestCluster.database() + " options='-c statement_timeout=4321 -c TimeZone=Asia/Tokyo'"
        let setting = Statement<String, String>("SELECT current_setting($1)")
        try await withPool(database) { pool in
            let session = pool.session()
            for (name, value) in [
                ("statement_timeout", "4321ms"), ("TimeZone", "UTC"), ("transaction_read_only", "on"),
            ] {
                let found = try await session.one(setting, name)
                #expect(found == value)
            }
            let idle = try await pool.transaction { try await $0.one(setting, "idle_in_transaction_session_timeout") }
            #expect(idle == "1min")
        }
    }

    @Test func `connections that are closed because they are needless were not lost`() async throws {
        try await withPool(try TestCluster.database()) { options in
            // They are asked many times whether they still work until then, which is no use of them.
            options.idleTimeout = .milliseconds(400)
            options.healthCheckInterval = .milliseconds(40)
        } _: { pool in
            _ = try await all(0..<4) { number in
                try await pool.transaction { try await $0.one(Self.sleep, 0.2) + number }
            }
            #expect(pool.transactionMetrics.connections > 1)
            for _ in 0..<200 where pool.transactionMetrics.connections > 1 {
                try await pool.loop.sleep(for: .milliseconds(20))
            }
            #expect(pool.transactionMetrics.connections == 1)
            #expect(pool.transactionMetrics.connectionsLost == 0)
        }
    }
}

/// All at once, in tasks of the same loop; the answers in order.
func all<Value: Sendable>(
    _ numbers: Range<Int>,
    _ body: @escaping @Sendable (Int) async throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        for number in numbers { group.addTask { (number, try await body(number)) } }
        var values: [Int: Value] = [:]
        for try await (number, value) in group { values[number] = value }
        return numbers.compactMap { values[$0] }
    }
}
