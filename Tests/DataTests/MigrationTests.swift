import Data
import EventLoop
import Glibc
import PostgresClient
import PostgresEmbedded
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(3))) struct MigrationTests {
    private func migrate(_ database: String, _ migrations: [Migration] = Migration.all) async throws -> [String] {
        try await onLoop { loop in
            try await Migrator.with(ConnectionOptions(database), migrations, on: loop) { try await $0.up() }.map(\.name)
        }
    }

    private let first = Migration(version: 1, name: "first", sql: "CREATE TABLE a (n int); CREATE TABLE b (n int)")
    private let second = Migration(version: 2, name: "second", sql: "ALTER TABLE a ADD m int")

    @Test func `the migrations of the program apply to an empty database, once`() async throws {
        let database = try TestCluster.database()
        let applied = try await migrate(database)
        #expect(applied == Migration.all.map(\.name))
        let again = try await migrate(database)
        #expect(again.isEmpty)
        #expect(
            try TestCluster.execute("SELECT count(*) FROM schema_migrations", on: database) == "\(Migration.all.count)"
        )
    }

    @Test func `several programs at once apply each migration once`() async throws {
        let database = try TestCluster.database()
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 { group.addTask { try await migrate(database, [first, second]).count } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.sorted() == [0, 0, 0, 2])
    }

    @Test func `a migration that fails leaves nothing and can be mended`() async throws {
        let database = try TestCluster.database()
        let broken = Migration(version: 2, name: "second", sql: "CREATE TABLE c (n int); ALTER TABLE nowhere ADD m int")
        await #expect(
            throws: MigrationError.failed(
                version: 2,
                name: "second",
                reason: #"42P01 relation "nowhere" does not exist"#
            )
        ) { try await migrate(database, [first, broken]) }
        #expect(try TestCluster.execute("SELECT to_regclass('c') IS NULL", on: database) == "t")
        let applied = try await migrate(database, [first, second])
        #expect(applied == ["second"])
    }

    @Test func `a server that is killed in the middle of a migration has nothing of it, and the next start goes on`()
        async throws
    {
        let cluster = try TestCluster.start("migrations")
        defer { cluster.stop() }
        let place = cluster.connectionString
        let slow = Migration(version: 2, name: "second", sql: "CREATE TABLE c (n int); SELECT pg_sleep(60)")
        let attempt = Task { try await migrate(place, [first, slow]) }
        for _ in 0..<1_000 {
            let running = try TestCluster.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND wait_event = 'PgSleep'",
                on: place
            )
            if running == "1" { break }
            usleep(10_000)
        }
        kill(try #require(cluster.serverProcess), SIGKILL)
        await #expect(throws: MigrationError.self) { try await attempt.value }
        var applied: [String]?
        for _ in 0..<1_000 where applied == nil {
            applied = try? await migrate(place, [first, second])
            if applied == nil { usleep(20_000) }
        }
        #expect(applied == ["second"])
        #expect(try TestCluster.execute("SELECT to_regclass('c') IS NULL", on: place) == "t")
    }

    @Test func `whoever waits for another's migrations is not in the way of what they wait for`() async throws {
        let database = try TestCluster.database()
        // An index that is built beside its use waits for all that was running when it began.
        let other = Task {
            try await onLoop { loop in
                let connection = try await PostgresConnection.connect(ConnectionOptions(database), on: loop)
                defer { connection.close() }
                let deadline = loop.now + 20_000_000_000
                try await connection.script("SELECT pg_advisory_lock(107018402887021)", deadline: deadline)
                try await connection.script("CREATE TABLE busy (n int)", deadline: deadline)
                try await loop.sleep(for: .milliseconds(500))
                try await connection.script("CREATE INDEX CONCURRENTLY ON busy (n)", deadline: deadline)
            }
        }
        for _ in 0..<1_000 {
            if try TestCluster.execute("SELECT to_regclass('busy') IS NOT NULL", on: database) == "t" { break }
            usleep(5_000)
        }
        let applied = try await migrate(database, [first])
        try await other.value
        #expect(applied == ["first"])
    }

    @Test func `a history that is not the program's own is refused with what to do`() async throws {
        let database = try TestCluster.database()
        _ = try await migrate(database, [first, second])
        let changed = Migration(version: 1, name: "first", sql: "CREATE TABLE a (n int)")
        await #expect(throws: MigrationError.changed(version: 1, name: "first")) {
            try await migrate(database, [changed, second])
        }
        await #expect(throws: MigrationError.newer(version: 2, name: "second")) { try await migrate(database, [first]) }
        let late = Migration(version: 0, name: "late", sql: "SELECT 1")
        await #expect(throws: MigrationError.outOfOrder(version: 0, name: "late")) {
            try await migrate(database, [late, first, second])
        }
        #expect(MigrationError.newer(version: 2, name: "x").description.contains("start the version that made it"))
    }

    @Test func `every file of the folder is part of the program`() throws {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let directory = try #require(opendir("\(root)/\(MigrationSources.folder)"))
        defer { closedir(directory) }
        var files: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { files.append(name) }
        }
        files.sort()
        #expect(files.allSatisfy { MigrationSources.parse($0) != nil }, "\(files)")
        #expect(files.compactMap { MigrationSources.parse($0)?.version } == Array(1...files.count))
        let file = try #require(fopen("\(root)/\(MigrationSources.file)", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        #expect(String(decoding: bytes[..<count], as: UTF8.self) == MigrationSources.text(for: files))
    }

    @Test(arguments: ["1_a.sql", "0001_A.sql", "0001_.sql", "0000_a.sql", "0001a.sql", "0001_a.txt", "0001_a;b.sql"])
    func `other names are no migrations`(file: String) { #expect(MigrationSources.parse(file) == nil) }
}
