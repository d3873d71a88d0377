import EventLoop
import Glibc
import PostgresClient
import PostgresEmbedded

/// Measures reads through session and pool on one connection: `postgres-bench serve FOLDER [durable]` keeps a cluster until
/// its input ends, `postgres-bench run CONNECTION SECONDS` measures against a table of 100,000 rows there.
@main struct PostgresBench {
    struct Row: PostgresRow {
        let id: Int
        let key: UUID
        let name: String
        let score: Int32
        let at: Timestamp

        init(from row: inout RowReader) throws {
            id = try row.next()
            key = try row.next()
            name = try row.next()
            score = try row.next()
            at = try row.next()
        }
    }

    static let byID = Statement<Row, Int>("SELECT id, key, name, score, at FROM rows WHERE id = $1")
    static let byIDs = Statement<Row, [Int]>("SELECT id, key, name, score, at FROM rows WHERE id = ANY ($1)")

    static func main() async throws {
        let arguments = CommandLine.arguments
        switch (arguments.dropFirst().first, arguments.count) {
        case ("serve", 3): try serve(arguments[2], isDurable: false)
        case ("serve", 4): try serve(arguments[2], isDurable: arguments[3] == "durable")
        case ("run", 4): try await run(arguments[2], seconds: UInt64(arguments[3]) ?? 2)
        default:
            print("usage: postgres-bench serve FOLDER [durable] | run CONNECTION SECONDS")
            exit(2)
        }
    }

    private static func serve(_ folder: String, isDurable: Bool) throws {
        var options = EmbeddedPostgres.Options()
        options.isDurable = isDurable
        let cluster = try EmbeddedPostgres(folder: folder, options)
        print(cluster.connectionString)
        fflush(nil)
        while readLine() != nil {}
        cluster.stop()
    }

    private static func run(_ connection: String, seconds: UInt64) async throws {
        let loop = try EventLoopGroup().loops[0]
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            loop.execute {
                loop.startTask {
                    do {
                        try await measureAll(connection, seconds, loop)
                        done.resume()
                    } catch { done.resume(throwing: error) }
                }
            }
        }
    }

    private static func measureAll(_ connection: String, _ seconds: UInt64, _ loop: EventLoop) async throws {
        let pool = PostgresPool(PoolOptions(connection), on: loop)
        let session = pool.session()
        _ = try await session.first(byID, 1)
        for tasks in [1, 16, 64, 100] {
            try await measure("one row by its key, \(tasks) at once", tasks, seconds, loop) { number in
                try await session.one(byID, number).id > 0 ? 1 : 0
            }
        }
        for tasks in [1, 4, 16] {
            try await measure("100 rows by ANY, \(tasks) at once", tasks, seconds, loop) { number in
                let first = number % 99_000 + 1
                return try await session.rows(byIDs, Array(first..<(first + 100))).count
            }
        }
        try await decodeAlone(session)
        pool.close()
    }

    private static func measure(
        _ name: String,
        _ tasks: Int,
        _ seconds: UInt64,
        _ loop: EventLoop,
        _ body: @escaping @Sendable (Int) async throws -> Int
    ) async throws {
        let begin = EventLoop.monotonicTime()
        let cpu = usedTime()
        let rows = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    var rows = 0
                    var number = task * 7_919
                    while EventLoop.monotonicTime() - begin < seconds * 1_000_000_000 {
                        number = (number &* 1_103_515_245 &+ 12_345) & 0x7fff_ffff
                        rows += try await body(number % 100_000 + 1)
                    }
                    return rows
                }
            }
            return try await group.reduce(0, +)
        }
        let time = Double(EventLoop.monotonicTime() - begin) / 1_000_000_000
        let perRow = (usedTime() - cpu) * 1_000_000 / Double(rows)
        print("\(name)\t\(Int(Double(rows) / time))\t\(Double(Int(perRow * 100)) / 100)")
    }

    /// How fast an answer of 10,000 rows becomes structs.
    private static func decodeAlone(_ session: Session) async throws {
        let statement = Statement<Row>("SELECT id, key, name, score, at FROM rows LIMIT 10000")
        let result = try await session.run(statement.text) { _ in }
        var best = Double.infinity
        for _ in 0..<50 {
            let cpu = usedTime()
            let rows = try result.rows(Row.self)
            best = min(best, (usedTime() - cpu) / Double(rows.count))
        }
        print("decoding alone\t\(Int(1 / best))\t\(Double(Int(best * 100_000_000)) / 100)")
    }

    /// Seconds of processor time.
    private static func usedTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }
}
