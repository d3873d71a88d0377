import EventLoop
import PostgresClient
import PostgresTesting
import Testing
import WaitTesting

@Suite(.timeLimit(.minutes(3))) struct SingleWriteTests {
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
            try await eventually { pool.transactionMetrics.statements.statements != 0 }
            pool.close()
            #expect(await task.value == .commitUnknown)
            #expect(pool.transactionMetrics.commitsUnknown == 1)
        }
    }

    @Test func `a single write is answered when it is committed`() async throws {
        let database = try database()
        try TestCluster.execute(
            """
            CREATE TABLE parts (whole int8 REFERENCES single DEFERRABLE INITIALLY DEFERRED);
            CREATE TABLE late (n int8 UNIQUE DEFERRABLE INITIALLY DEFERRED)
            """,
            on: database
        )
        try await withPool(database) { options in
            options.transactionConnections = 1
        } _: { pool in
            let add = Command<Int>("INSERT INTO parts VALUES ($1)")
            for _ in 0..<3 {
                let error = await #expect(throws: PostgresError.self) { try await pool.write().execute(add, 99) }
                #expect(error?.fault?.state == SQLState("23503"))
            }
            let twice = Statement<Int, [Int]>("INSERT INTO late SELECT unnest($1) RETURNING n")
            let error = await #expect(throws: PostgresError.self) { try await pool.write().rows(twice, [1, 1]) }
            #expect(error?.fault?.state == .uniqueViolation)
            // The connection is fit for the next.
            let rows = try await pool.write().rows(twice, [1, 2])
            #expect(rows == [1, 2])
            #expect(pool.transactionMetrics.connects == 1)
            #expect(pool.transactionMetrics.connectionsLost == 0)
        }
    }

    @Test func `a single write whose commit is waited for too long may have happened`() async throws {
        let database = try database()
        try TestCluster.execute(
            """
            CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON single DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION slowly()
            """,
            on: database
        )
        try await withPool(database) { options in
            options.transactionConnections = 1
            options.statementDeadline = .milliseconds(300)
        } _: { pool in
            await #expect(throws: PostgresError.commitUnknown) { try await pool.write().execute(Self.insert, 1) }
            // The server was asked to stop, and did: the connection is free long before the sleep is over.
            let change = Command<Int>("UPDATE single SET n = $1")
            var changed: Int?
            for _ in 0..<50 where changed == nil { changed = try? await pool.write().execute(change, 1) }
            #expect(changed == 0)
        }
    }

    /// What a writer was told whose task was cancelled.
    enum Told: Equatable, Sendable {
        case done, cancelled
        case failed(PostgresError?)
    }

    /// Inserting 1 takes a minute. Inserting 2 ends when it is cancelled, and is done all the same; inserting 3 lets itself
    /// be cancelled again and again before it is done.
    private static let stubborn = """
        CREATE FUNCTION stubbornly() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.n = 1 THEN PERFORM pg_sleep(60); END IF;
            FOR round IN 1..(CASE NEW.n WHEN 2 THEN 1 WHEN 3 THEN 60 ELSE 0 END) LOOP
                BEGIN
                    PERFORM pg_sleep(CASE NEW.n WHEN 2 THEN 60 ELSE 0.1 END);
                EXCEPTION WHEN query_canceled THEN NULL;
                END;
            END LOOP;
            RETURN NEW;
        END $$;
        CREATE TRIGGER stubbornly BEFORE INSERT ON single FOR EACH ROW EXECUTE FUNCTION stubbornly()
        """

    @Test(arguments: [(1, Told.cancelled), (2, Told.done), (3, Told.failed(.commitUnknown))])
    func `a single write whose task is cancelled says what became of it`(number: Int, expected: Told) async throws {
        let database = try database()
        try TestCluster.execute(Self.stubborn, on: database)
        try await withPool(database) { options in
            options.transactionConnections = 1
            options.primary.cancelGrace = number == 3 ? .milliseconds(300) : .seconds(20)
        } _: { pool in
            let task = pool.loop.startTask { () -> Told in
                do {
                    return try await pool.write().execute(Self.insert, number) == 1 ? .done : .failed(nil)
                } catch is CancellationError { return .cancelled } catch { return .failed(error as? PostgresError) }
            }
            let sleeping = Statement<Int>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
            )
            while try await pool.session().one(sleeping) == 0 { try await pool.loop.sleep(for: .milliseconds(5)) }
            task.cancel()
            let told = await task.value
            #expect(told == expected)
            #expect(pool.transactionMetrics.statements.cancels > 0)
            #expect(pool.transactionMetrics.commitsUnknown == (number == 3 ? 1 : 0))
            if number == 3 { return }
            // Over the same connection, so after it.
            let count = try await pool.transaction { try await $0.session.one(Self.count) }
            #expect(count == (told == .done ? 1 : 0))
            #expect(pool.transactionMetrics.connects == 1)
        }
    }

    @Test func `a single write that is cancelled while it waits for a connection does not happen`() async throws {
        try await withPool(try database()) { options in
            options.transactionConnections = 1
        } _: { pool in
            let task = try await pool.transaction { transaction in
                try await transaction.execute(Self.insert, 1)
                let task = pool.loop.startTask { () -> Told in
                    do {
                        return try await pool.write().execute(Self.insert, 2) == 1 ? .done : .failed(nil)
                    } catch is CancellationError { return .cancelled } catch {
                        return .failed(error as? PostgresError)
                    }
                }
                while pool.transactionMetrics.waiting == 0 { try await pool.loop.sleep(for: .milliseconds(5)) }
                task.cancel()
                return task
            }
            #expect(await task.value == .cancelled)
            let count = try await pool.session().one(Self.count)
            #expect(count == 1)
        }
    }
}
