import EventLoop
import Glibc
import PostgresClient
import PostgresTesting
import Synchronization
import Testing
import WaitTesting

/// More rows than fit in one answer, in both directions, and statements that are only looked at.
@Suite(.timeLimit(.minutes(3))) struct BulkTests {
    private static let copyIn = CopyIn<Int, String?>("COPY things (n, name) FROM STDIN (FORMAT binary)")
    private static let copyOut = CopyOut("COPY (SELECT n FROM things ORDER BY n) TO STDOUT")
    private static let stream = StreamedStatement<Int, Int>("SELECT n FROM things WHERE n >= $1 ORDER BY n", chunk: 100)
    private static let count = Statement<Int>("SELECT count(*) FROM things")

    private struct Refused: Error {}

    private func database() throws -> String {
        try TestCluster.database(template: "bulk") {
            try TestCluster.execute("CREATE TABLE things (n int8 PRIMARY KEY, name text)", on: $0)
        }
    }

    @Test func `rows are copied in, streamed and copied out`() async throws {
        try await withPool(try database()) { pool in
            let copied = try await pool.transaction { transaction in
                try await transaction.copy(into: Self.copyIn) { writer in
                    for n in 0..<50_000 { try await writer.write(n, n % 2 == 0 ? nil : "name \(n)") }
                }
            }
            #expect(copied == 50_000)
            let (rows, chunks) = try await pool.transaction { transaction in
                var rows: [Int] = []
                var chunks = 0
                try await transaction.stream(Self.stream, 49_000) { chunk in
                    rows += chunk
                    chunks += 1
                }
                return (rows, chunks)
            }
            #expect(rows == Array(49_000..<50_000))
            #expect(chunks == 10)
            let lines = try await pool.transaction { transaction in
                var bytes = 0
                var lines = 0
                try await transaction.copy(out: Self.copyOut) { piece in
                    bytes += piece.count
                    lines += piece.count { $0 == UInt8(ascii: "\n") }
                }
                // Reads go on in the same transaction.
                #expect(try await transaction.rows(Self.count) as [Int] == [50_000])
                return lines
            }
            #expect(lines == 50_000)
        }
    }

    @Test func `a copy that is given up leaves nothing, and its connection goes on`() async throws {
        try await withPool(try database()) { options in
            options.transactionConnections = 1
        } _: { pool in
            for _ in 0..<3 {
                await #expect(throws: Refused.self) {
                    try await pool.transaction { transaction in
                        _ = try await transaction.copy(into: Self.copyIn) { writer in
                            for n in 0..<10_000 { try await writer.write(n, nil) }
                            throw Refused()
                        }
                    }
                }
            }
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    _ = try await transaction.copy(into: Self.copyIn) { writer in
                        try await writer.write(1, nil)
                        try await writer.write(1, nil)
                    }
                }
            }
            #expect(error?.fault?.constraint == "things_pkey")
            let count = try await pool.session().one(Self.count)
            #expect(count == 0)
            #expect(pool.transactionMetrics.connects == 1)
        }
    }

    @Test func `a copy in the wrong direction is refused`() async throws {
        try await withPool(try database()) { pool in
            await #expect(throws: PostgresError.notTheCopyMeant) {
                try await pool.transaction { transaction in
                    _ = try await transaction.copy(into: CopyIn<Int>("COPY things TO STDOUT")) { _ in }
                }
            }
            let count = try await pool.session().one(Self.count)
            #expect(count == 0)
        }
    }

    private static let sleeping = Statement<Int>(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
    )
    private static let endless = CopyOut("COPY (SELECT pg_sleep(600)) TO STDOUT")

    @Test func `a copy that takes too long ends, on the server too`() async throws {
        try await withPool(try database()) { pool in
            await #expect(throws: PostgresError.deadlineExceeded) {
                try await pool.transaction(within: .milliseconds(500)) { try await $0.copy(out: Self.endless) { _ in } }
            }
            #expect(try await areSleeping(0, pool))
            try await pool.transaction { transaction in
                // Its rows wait for those of this one: what is sent fills all that is on the way.
                try await transaction.execute(Command<Int>("INSERT INTO things VALUES ($1)"), 1)
                await #expect(throws: PostgresError.deadlineExceeded) {
                    try await pool.transaction(within: .milliseconds(500)) { other in
                        _ = try await other.copy(into: Self.copyIn) { writer in
                            for n in 1..<1_000_000 { try await writer.write(n, "a name that takes its room, too") }
                        }
                    }
                }
            }
            let count = try await pool.transaction { try await $0.one(Self.count) }
            #expect(count == 1)
        }
    }

    @Test func `a copy whose task is cancelled ends, on the server too`() async throws {
        try await withPool(try database()) { pool in
            let task = pool.loop.startTask { () -> Bool in
                do { try await pool.transaction { try await $0.copy(out: Self.endless) { _ in } } } catch {
                    return error is CancellationError
                }
                return false
            }
            let hasBegun = try await areSleeping(1, pool)
            task.cancel()
            #expect(await task.value && hasBegun)
            let hasEnded = try await areSleeping(0, pool)
            #expect(hasEnded)
        }
    }

    /// Whether so many sessions sleep within ten seconds.
    private func areSleeping(_ count: Int, _ pool: PostgresPool) async throws -> Bool {
        for _ in 0..<1_000 {
            if try await pool.session().one(Self.sleeping) == count { return true }
            try await pool.loop.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test func `scripts run as a whole or not at all`() async throws {
        let database = try database()
        try await onLoop { loop in
            let connection = try await PostgresConnection.connect(ConnectionOptions(database), on: loop)
            defer { connection.close() }
            let deadline = loop.now + 10_000_000_000
            try await connection.script(
                "INSERT INTO things VALUES (1); INSERT INTO things VALUES (2)",
                deadline: deadline
            )
            let error = await #expect(throws: PostgresError.self) {
                try await connection.script("INSERT INTO things VALUES (3); SELEKT", deadline: deadline)
            }
            #expect(error?.fault?.state == SQLState("42601"))
            let result = try await connection.run(Self.count.text, isOwn: false, deadline: deadline) { _ in }
            #expect(try result.rows(Int.self) == [2])
        }
    }

    private struct Thing: PostgresRow {
        let n: Int
        let name: String?

        init(from row: inout RowReader) throws {
            n = try row.next()
            name = try row.next()
        }
    }

    @Test func `statements are held against the schema without being run`() async throws {
        let database = try database()
        let cases: [(any CheckableStatement, [String])] = [
            (Statement<Thing, Int>("SELECT n, name FROM things WHERE n = $1"), []),
            (Command<Int, String>("INSERT INTO things VALUES ($1, $2)"), []),
            (
                Statement<Thing>("SELECT name, n FROM things"),
                [
                    "column 1 has type 25, which is no Int", "column 2 has type 20, which is no String",
                    "column 1 may be null, and Int has no room for that",
                ]
            ),
            (Statement<Int>("SELECT n, name FROM things"), ["2 columns in place of 1"]),
            (Statement<Int, String>("SELECT n FROM things WHERE n = $1"), ["parameter 1 is taken for type 20, not 0"]),
            (Statement<Int, Int>("SELECT n FROM things"), []),
            (PlainCommand("DELETE FROM nothing"), [#"42P01 relation "nothing" does not exist"#]),
        ]
        try await onLoop { loop in
            let connection = try await PostgresConnection.connect(ConnectionOptions(database), on: loop)
            defer { connection.close() }
            for (statement, expected) in cases {
                let faults = try await statement.faults(on: connection)
                #expect(faults == expected, "\(statement.text.sql)")
            }
        }
    }

    @Test func `notifications are heard, again after the connection was lost`() async throws {
        let database = try database()
        try await onLoop { loop in
            let heard = Heard()
            let options = ConnectionOptions(database)
            let listener = NotificationListener(["things"], options, on: loop) {
                heard.gaps += 1
            } onNotification: {
                heard.payloads.append("\($0) \($1)")
            }
            defer { listener.stop() }
            try await eventually { heard.gaps == 1 }
            try TestCluster.execute("NOTIFY things, 'one'; NOTIFY others, 'two'", on: database)
            try await eventually { heard.payloads == ["things one"] }
            try TestCluster.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'atrium' AND datname = current_database()",
                on: database
            )
            try await eventually { heard.gaps == 2 }
            try TestCluster.execute("NOTIFY things, 'three'", on: database)
            try await eventually { heard.payloads == ["things one", "things three"] }
        }
    }

    private final class Heard {
        var gaps = 0
        var payloads: [String] = []
    }

    @Test func `a cancellation that is heard after the copy ends no connection`() async throws {
        try await withPool(try database()) { options in
            options.transactionConnections = 1
        } _: { pool in
            let few = CopyOut("COPY (SELECT 1) TO STDOUT")
            for _ in 0..<3 {
                let task = pool.loop.startTask { () -> Bool in
                    let done: Void? = try? await pool.transaction { transaction in
                        try await transaction.copy(out: few) { _ in withUnsafeCurrentTask { $0?.cancel() } }
                    }
                    return done != nil
                }
                #expect(await task.value == false)
            }
            let count = try await pool.transaction { try await $0.one(Self.count) }
            #expect(count == 0)
            #expect(pool.transactionMetrics.connects == 1)
        }
    }

    @Test func `whoever takes long over a copy does not keep the loop busy`() async throws {
        try await withPool(try database()) { pool in
            let many = CopyOut("COPY (SELECT repeat('x', 1000) FROM generate_series(1, 20000)) TO STDOUT")
            let bytes = try await pool.transaction { transaction in
                var bytes = 0
                var isFirst = true
                try await transaction.copy(out: many) { piece in
                    bytes += piece.count
                    guard isFirst else { return }
                    isFirst = false
                    let before = Self.processorTime()
                    try await pool.loop.sleep(for: .milliseconds(500))
                    // Other tests run on other threads: of this one's half second most was slept.
                    #expect(Self.processorTime() - before < 100_000_000)
                }
                return bytes
            }
            #expect(bytes == 20_000 * 1_001)
        }
    }

    /// What this thread has worked, in nanoseconds.
    private static func processorTime() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
