import Data
import EventLoop
import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite struct StatementTests {
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
}
