import Data
import EventLoop
import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct StatementTests {
    @Test func `every statement fits the migrated schema`() async throws {
        let database = try await migratedDatabase()
        try await onLoop { loop in
            let connection = try await PostgresConnection.connect(ConnectionOptions(database), on: loop)
            defer { connection.close() }
            for statement in DataStatements.all {
                let faults = try await statement.faults(on: connection)
                #expect(faults.isEmpty, "\(statement.text.sql)")
            }
            #expect(DataStatements.all.count >= 5)
        }
    }

    /// A statement that is in no list is never prepared before a user runs it.
    @Test func `every statement of the sources is among those that are checked`() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let folder = URL(fileURLWithPath: "\(root)/Sources/Data")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var checked: [String: Int] = [:]
        for statement in DataStatements.all {
            checked[String(statement.text.name.prefix { $0 != ":" }), default: 0] += 1
        }
        var count = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            // Migrations are run before there is a schema.
            if file.path.contains("/Migrations/") { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            let single = text.matches(of: /=\s+(Statement<|Command<|PlainCommand\()/).count
            count += single
            let name = "Data/\(file.lastPathComponent)"
            #expect(checked[name, default: 0] == single, "\(name): list its statements in DataStatements")
            for match in text.matches(of: /(PagedStatement|PagedLists)<[^"]*?>\(\s*"([^"]*)"/)
            where !text[..<match.range.lowerBound].hasSuffix("///     static let log = ")
                && !text[..<match.range.lowerBound].hasSuffix("///     static let messages = ")
            {
                #expect(checked[String(match.output.2)] == 4, "\(match.output.2)")
            }
        }
        #expect(count > 30)
    }

    @Test func `a column that may be null and a row without room for that are found`() async throws {
        let database = try TestCluster.database()
        try TestCluster.execute("CREATE TABLE t (id int8 NOT NULL, note text)", on: database)
        struct Note: PostgresRow {
            let note: String?
            init(from row: inout RowReader) throws { note = try row.next() }
        }
        try await onLoop { loop in
            let connection = try await PostgresConnection.connect(ConnectionOptions(database), on: loop)
            defer { connection.close() }
            let faults = try await Statement<String>("SELECT note FROM t").faults(on: connection)
            #expect(faults == ["column 1 may be null, and String has no room for that"])
            for good: any CheckableStatement in [
                Statement<Int>("SELECT id FROM t"), Statement<String>("SELECT coalesce(note, '') FROM t"),
                Statement<Note>("SELECT note FROM t"),
            ] { #expect(try await good.faults(on: connection) == []) }
        }
    }

    @Test func `what an outer join may leave out is found, whichever way it is written`() async throws {
        let database = try TestCluster.database()
        try TestCluster.execute(
            """
            CREATE TABLE one (id int8 PRIMARY KEY, other int8);
            CREATE TABLE two (id int8 PRIMARY KEY, note text NOT NULL);
            INSERT INTO one SELECT i, i FROM generate_series(1, 1000) i;
            INSERT INTO two SELECT i, '' FROM generate_series(1, 500) i;
            ANALYZE;
            """,
            on: database
        )
        let fault = ["column 1 may be null, and String has no room for that"]
        try await onLoop { loop in
            let connection = try await PostgresConnection.connect(ConnectionOptions(database), on: loop)
            defer { connection.close() }
            for bad: any CheckableStatement in [
                Statement<String, Int>(
                    "SELECT two.note FROM one LEFT JOIN two ON two.id = one.other WHERE one.id = $1"
                ),
                Statement<String>("SELECT t.note FROM two t RIGHT JOIN one ON t.id = one.other"),
                Statement<String>("SELECT two.note FROM one FULL JOIN two ON two.id = one.other"),
                Statement<String>(
                    "SELECT x.note FROM (SELECT note FROM one LEFT JOIN two ON two.id = other ORDER BY one.id LIMIT 5) x"
                ),
                Statement<String>(
                    """
                    WITH x AS MATERIALIZED (SELECT note FROM one LEFT JOIN two ON two.id = other) SELECT note FROM x
                    """
                ),
            ] { #expect(try await bad.faults(on: connection) == fault, "\(bad.text.sql)") }
            for good: any CheckableStatement in [
                Statement<String>("SELECT two.note FROM one JOIN two ON two.id = one.other"),
                // The condition leaves nothing of the outer join.
                Statement<String>("SELECT note FROM one LEFT JOIN two ON two.id = one.other WHERE two.id > 0"),
                Statement<String>("SELECT two.note FROM two LEFT JOIN one ON two.id = one.other"),
                Statement<Int, Int>("UPDATE one SET other = 1 WHERE id = $1 RETURNING id"),
            ] { #expect(try await good.faults(on: connection) == [], "\(good.text.sql)") }
        }
    }
}
