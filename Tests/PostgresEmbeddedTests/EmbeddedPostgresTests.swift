import CLibPQ
import Glibc
import PostgresEmbedded
import Testing
import WaitTesting

/// Real clusters, each in a folder of its own.
@Suite(.serialized, .timeLimit(.minutes(3))) struct EmbeddedPostgresTests {
    private func throwAway(programs: String? = nil) -> EmbeddedPostgres.Options {
        var options = EmbeddedPostgres.Options()
        options.isDurable = false
        options.programs = programs
        options.readyTimeoutSeconds = 60
        return options
    }

    @Test func `a cluster is made once and keeps its content`() throws {
        try withFolder { folder in
            let first = try EmbeddedPostgres(folder: folder, throwAway())
            #expect(try ask(first, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7); SELECT n FROM kept") == "7")
            first.stop()
            first.stop()
            #expect(first.serverProcess == nil)
            let second = try EmbeddedPostgres(folder: folder, throwAway())
            #expect(try ask(second, "SELECT n FROM kept") == "7")
        }
    }

    @Test func `a server that is killed is started again`() throws {
        try withFolder { folder in
            let cluster = try EmbeddedPostgres(folder: folder, throwAway())
            for _ in 0..<2 {
                let killed = try #require(cluster.serverProcess)
                kill(killed, SIGKILL)
                try blockUntil { try cluster.serverProcess != killed && ask(cluster, "SELECT 1") == "1" }
            }
            cluster.stop()
        }
    }

    @Test func `a signal meant for the parent does not part the server from its supervisor`() throws {
        try withFolder { folder in
            let cluster = try EmbeddedPostgres(folder: folder, throwAway())
            let server = try #require(cluster.serverProcess)
            let supervisor = try #require(parent(of: server))
            for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] { kill(supervisor, signal) }
            #expect(try ask(cluster, "SELECT 1") == "1")
            #expect(parent(of: server) == supervisor)
            cluster.stop()
            #expect(kill(server, 0) == -1)
        }
    }

    /// What follows the name in the process's state: a letter, its parent, …
    private func state(of process: Int32) -> [Substring]? {
        guard let file = fopen("/proc/\(process)/stat", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 1_024)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.split(separator: ")").last?.split(separator: " ")
    }

    private func parent(of process: Int32) -> Int32? {
        state(of: process)?.dropFirst().first.flatMap { Int32($0) }
    }

    @Test func `a lock that a crash left behind is removed`() throws {
        try withFolder { folder in
            let first = try EmbeddedPostgres(folder: folder, throwAway())
            let lock = "\(first.folder)/data/postmaster.pid"
            first.stop()
            // The number is in use again, by a process that is no server: this one.
            let file = try #require(fopen(lock, "w"))
            fputs("\(getpid())\n\(first.folder)/data\n0\n5432\n\n\n", file)
            fclose(file)
            // The socket has a lock of its own, of the same number.
            let socket = "\(first.folder)/socket"
            mkdir(socket, 0o700)
            if let user = getpwnam("postgres"), geteuid() == 0 {
                chown(socket, user.pointee.pw_uid, user.pointee.pw_gid)
            }
            let socketLock = try #require(fopen("\(socket)/.s.PGSQL.5432.lock", "w"))
            fputs("\(getpid())\n\(first.folder)/data\n0\n5432\n\(socket)\n", socketLock)
            fclose(socketLock)
            let second = try EmbeddedPostgres(folder: folder, throwAway())
            #expect(try ask(second, "SELECT 1") == "1")
        }
    }

    @Test func `a server whose supervisor was killed is stopped all the same`() throws {
        try withFolder { folder in
            let cluster = try EmbeddedPostgres(folder: folder, throwAway())
            let server = try #require(cluster.serverProcess)
            kill(try #require(parent(of: server)), SIGKILL)
            #expect(try ask(cluster, "SELECT 1") == "1")
            cluster.stop()
            try blockUntil { kill(server, 0) == -1 || parent(of: server) == nil || isZombie(server) }
        }
    }

    /// Ended, and not yet noticed by whoever is its parent now.
    private func isZombie(_ process: Int32) -> Bool { state(of: process)?.first == "Z" }

    /// A disk that is full is no reason to lose what was on it, nor to be restarted.
    @Test(.enabled(if: geteuid() == 0, "only root may mount"))
    func `a full disk is an error of the statement, and over when there is room again`() throws {
        try withFolder { folder in
            mkdir(folder, 0o755)
            try #require(system("mount -t tmpfs -o size=160m,mode=755 tmpfs '\(folder)'") == 0)
            defer { _ = system("umount -l '\(folder)'") }
            var options = throwAway()
            options.settings = [("max_wal_size", "48MB"), ("min_wal_size", "32MB"), ("shared_buffers", "16MB")]
            let cluster = try EmbeddedPostgres(folder: "\(folder)/full", options)
            defer { cluster.stop() }
            #expect(try ask(cluster, "CREATE TABLE kept AS SELECT 7 AS n; SELECT n FROM kept") == "7")
            // Whatever is left, but for a little.
            let left = "$(df --output=avail -B1 '\(folder)' | tail -1)"
            _ = system("fallocate -l $((\(left) - 2000000)) '\(folder)/ballast'")
            let filler = "AS SELECT repeat('x', 1000) FROM generate_series(1, 20000)"
            let states = try (0..<5).map { try state(cluster, "CREATE TABLE filler_\($0) \(filler)") }
            #expect(states.contains("53100"), "\(states)")
            unlink("\(folder)/ballast")
            try blockUntil { try ask(cluster, "SELECT n FROM kept") == "7" }
            try blockUntil { try ask(cluster, "CREATE TABLE more AS SELECT 8 AS n; SELECT n FROM more") == "8" }
        }
    }

    @Test func `a folder with something else in it is left as it is`() throws {
        try withFolder { folder in
            mkdir(folder, 0o755)
            let file = try #require(fopen("\(folder)/letters", "w"))
            fclose(file)
            var before = stat()
            stat(folder, &before)
            #expect(throws: EmbeddedPostgresError.occupied(folder: folder, by: "letters")) {
                try EmbeddedPostgres(folder: folder, throwAway())
            }
            var after = stat()
            stat(folder, &after)
            #expect((after.st_mode, after.st_uid) == (before.st_mode, before.st_uid))
            // What a disk of its own brings along is no matter.
            unlink("\(folder)/letters")
            mkdir("\(folder)/lost+found", 0o700)
            _ = try EmbeddedPostgres(folder: folder, throwAway())
        }
    }

    @Test func `a folder has one server at a time`() throws {
        try withFolder { folder in
            let first = try EmbeddedPostgres(folder: folder, throwAway())
            let inUse = EmbeddedPostgresError.inUse(folder: first.folder)
            #expect(throws: inUse) { try EmbeddedPostgres(folder: folder, throwAway()) }
            #expect(try ask(first, "SELECT 1") == "1")
        }
    }

    @Test func `an unfinished cluster is made anew`() throws {
        try withFolder { folder in
            mkdir(folder, 0o755)
            mkdir("\(folder)/data.new", 0o755)
            let cluster = try EmbeddedPostgres(folder: folder, throwAway())
            #expect(try ask(cluster, "SELECT 1") == "1")
        }
    }

    @Test func `a deep folder gets its socket elsewhere`() throws {
        try withFolder { folder in
            let deep = folder + "/" + String(repeating: "it's deep/", count: 9)
            let cluster = try EmbeddedPostgres(folder: deep, throwAway())
            #expect(try ask(cluster, "SELECT 1") == "1")
        }
    }

    @Test func `missing programs are said with what to do`() throws {
        try withFolder { folder in
            let missing = EmbeddedPostgresError.programsMissing(searched: ["/nowhere"], version: nil)
            #expect(throws: missing) { try EmbeddedPostgres(folder: folder, throwAway(programs: "/nowhere")) }
            #expect(
                missing.description == """
                    PostgreSQL 15 or later cannot be found in /nowhere. \
                    Install it (Debian: apt-get install postgresql) or set DATABASE_URL to a running server
                    """
            )
        }
    }

    @Test func `a cluster of another version is left alone`() throws {
        try withFolder { folder in
            mkdir(folder, 0o755)
            mkdir("\(folder)/data", 0o755)
            let file = try #require(fopen("\(folder)/data/PG_VERSION", "w"))
            fputs("9\n", file)
            fclose(file)
            let error = try #require(throws: EmbeddedPostgresError.self) {
                try EmbeddedPostgres(folder: folder, throwAway())
            }
            #expect(error.description.hasPrefix("the programs of PostgreSQL 9, which made the cluster,"))
        }
    }

    @Test func `a setting that PostgreSQL refuses is shown`() throws {
        try withFolder { folder in
            var options = throwAway()
            options.settings = [("shared_buffers", "some")]
            let error = try #require(throws: EmbeddedPostgresError.self) {
                try EmbeddedPostgres(folder: folder, options)
            }
            #expect(error.description.contains("invalid value for parameter \"shared_buffers\""), "\(error)")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root has to change users"))
    func `a folder that its user cannot enter is named`() throws {
        try withFolder { folder in
            mkdir(folder, 0o700)
            let error = try #require(throws: EmbeddedPostgresError.self) {
                try EmbeddedPostgres(folder: "\(folder)/postgres", throwAway())
            }
            #expect(error == .unreachable(folder: folder, user: "postgres"))
        }
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/atrium-embedded-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        let folder = String(cString: made)
        chmod(folder, 0o755)
        defer { _ = system("rm -rf '\(folder)'") }
        try body("\(folder)/cluster")
    }

    private func state(_ cluster: EmbeddedPostgres, _ query: String) throws -> String? {
        let connection = PQconnectdb(cluster.connectionString)
        defer { PQfinish(connection) }
        let result = PQexec(connection, query)
        defer { PQclear(result) }
        return PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
    }

    private func ask(_ cluster: EmbeddedPostgres, _ query: String) throws -> String? {
        let connection = PQconnectdb(cluster.connectionString)
        defer { PQfinish(connection) }
        let result = PQexec(connection, query)
        defer { PQclear(result) }
        return PQntuples(result) > 0 ? String(cString: PQgetvalue(result, 0, 0)) : nil
    }
}
