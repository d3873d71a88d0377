import Foundation
import PostgresTesting
import SocketTesting
import Testing

/// The built server as an operator starts it.
@Suite(.timeLimit(.minutes(3))) struct ServerProcessTests {
    private static var program: URL {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("Server")
        }
    }

    private func start(
        _ environment: [String: String],
        _ arguments: [String] = []
    ) throws -> (server: Process, output: FileHandle) {
        let server = Process()
        let output = Pipe()
        server.executableURL = try Self.program
        server.environment = environment
        server.arguments = arguments
        server.standardError = output
        try server.run()
        return (server, output.fileHandleForReading)
    }

    @Test func `it says where it serves and stops when told to`() async throws {
        let (server, output) = try start([
            "ATRIUM_PORT": "0", "ATRIUM_DRAIN_SECONDS": "1", "DATABASE_URL": try TestCluster.database(),
        ])
        let text = read(output, upTo: "/graphql\n")
        #expect(text.hasPrefix("migration 1 foundation applied\n"), "\(text)")
        let line = text.split(separator: "\n").last ?? ""
        #expect(line.wholeMatch(of: /GraphQL is served at http:\/\/127\.0\.0\.1:[0-9]+\/graphql/) != nil, "\(text)")
        server.terminate()
        let status: Int32 = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                server.waitUntilExit()
                continuation.resume(returning: server.terminationStatus)
            }
        }
        #expect(status == 0)
        #expect(server.terminationReason == .exit)
    }

    @Test(arguments: [
        ([:] as [String: String], [] as [String]), (["ATRIUM_COST": "on"], ["cost"]),
        (["ATRIUM_TRACE": "on"], ["cost", "trace"]),
    ])
    func `answers tell of their execution when the settings say so`(settings: [String: String], told: [String]) throws {
        let database = try TestCluster.database()
        let (server, output) = try start(settings.merging(["ATRIUM_PORT": "0", "DATABASE_URL": database]) { $1 })
        defer { server.terminate() }
        let line = read(output, upTo: "/graphql\n")
        let port = try #require(line.firstMatch(of: /:([0-9]+)\/graphql/).flatMap { UInt16($0.1) })
        let client = try TestSocket(port: port)
        let body = #"{"query":"{ serverInfo { version database { migration } } }","extensions":{"trace":true}}"#
        try client.send(
            "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\n"
                + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        let answer = String(decoding: try client.receiveToEnd(), as: UTF8.self)
        #expect(answer.contains(#""version":"#), "\(answer)")
        for member in ["cost", "trace"] {
            #expect(answer.contains(#""\#(member)":{"#) == told.contains(member), "\(answer)")
        }
        let statement =
            /"statements":\[{"name":"Data\/DatabaseFacts.swift:[0-9]+","rows":1,"start":[0-9]+,"duration":[1-9][0-9]*,"plan":"([^"]+)"}\]/
        let match = answer.firstMatch(of: statement)
        #expect((match != nil) == told.contains("trace"), "\(answer)")
    }

    @Test func `a plan is told of statements that were traced, in development alone`() throws {
        func post(_ port: UInt16, _ path: String, _ body: String) throws -> String {
            let client = try TestSocket(port: port)
            try client.send(
                "POST \(path) HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\n"
                    + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            return String(decoding: try client.receiveToEnd(), as: UTF8.self)
        }
        let traced = #"{"query":"{ serverInfo { database { migration } } }","extensions":{"trace":true}}"#
        for purpose in ["development", "test"] {
            let (server, output) = try start([
                "APP_ENV": purpose, "ATRIUM_TRACE": "on", "ATRIUM_PORT": "0",
                "DATABASE_URL": try TestCluster.database(),
            ])
            defer { server.terminate() }
            let line = read(output, upTo: "/graphql\n")
            let port = try #require(line.firstMatch(of: /:([0-9]+)\/graphql/).flatMap { UInt16($0.1) })
            let name = try post(port, "/graphql", traced).firstMatch(of: /"plan":"([^"]+)"/)?.1
            #expect((name != nil) == (purpose == "development"))
            let plan = try post(port, "/graphql/playground/plan", #"{"plan":"\#(name ?? "none")"}"#)
            #expect(plan.contains("actual time=") == (purpose == "development"), "\(plan)")
            for other in [#"{"plan":"none"}"#, #"{"plan":"SELECT 1"}"#] {
                #expect(try post(port, "/graphql/playground/plan", other).hasPrefix("HTTP/1.1 404"))
            }
        }
    }

    @Test func `it logs requests as JSON and says when it wants no more`() async throws {
        let server = Process()
        let (log, output) = (Pipe(), Pipe())
        server.executableURL = try Self.program
        server.environment = [
            "ATRIUM_PORT": "0", "ATRIUM_DRAIN_DELAY_SECONDS": "3600", "ATRIUM_METRICS": "off",
            "DATABASE_URL": try TestCluster.database(),
        ]
        server.standardOutput = log
        server.standardError = output
        try server.run()
        let line = read(output.fileHandleForReading, upTo: "/graphql\n")
        let port = try #require(line.firstMatch(of: /:([0-9]+)\/graphql/).flatMap { UInt16($0.1) })
        let client = try TestSocket(port: port)
        func status(_ path: String) throws -> String {
            try client.send("GET \(path) HTTP/1.1\r\nhost: a\r\nx-request-id: from-the-test\r\n\r\n")
            let head = try client.receiveText(through: "\r\n\r\n")
            let length = head.firstMatch(of: /content-length: *([0-9]+)/).flatMap { Int($0.1) } ?? 0
            _ = try client.receive(exactly: length)
            #expect(head.contains("\r\nx-request-id: from-the-test\r\n"))
            return String(head.dropFirst(9).prefix(3))
        }
        #expect(try status("/readyz") == "200")
        #expect(try status("/metrics") == "404")
        #expect(try status("/schema.graphql") == "200")
        server.terminate()
        while try status("/readyz") == "200" {}
        #expect(try status("/healthz") == "200")
        // A second signal ends the delay, and everything.
        server.terminate()
        server.waitUntilExit()
        let lines = String(decoding: try log.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        let first = try #require(lines.split(separator: "\n").first)
        let record = try #require(JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any])
        #expect(record["message"] as? String == "request" && record["path"] as? String == "/readyz")
        #expect(record["request.id"] as? String == "from-the-test" && record["status"] as? Int == 200)
    }

    @Test(.enabled(if: geteuid() == 0, "only root has folders that PostgreSQL cannot enter"))
    func `in a folder of root's alone the data goes where PostgreSQL can enter`() throws {
        let home = FileManager.default.temporaryDirectory.appending(path: "root-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: home.path)
        let (server, output) = (Process(), Pipe())
        server.executableURL = try Self.program
        server.currentDirectoryURL = home
        server.environment = ["ATRIUM_PORT": "0", "ATRIUM_DRAIN_SECONDS": "0", "ATRIUM_LOG": "off"]
        server.standardError = output
        try server.run()
        let text = read(output.fileHandleForReading, upTo: "/graphql\n")
        server.terminate()
        server.waitUntilExit()
        let place = try #require(text.firstMatch(of: /the data is in (\/var\/lib\/atrium-[0-9a-f]+)\n/), "\(text)")
        #expect(text.contains("GraphQL is served at "))
        try FileManager.default.removeItem(atPath: String(place.1))
        try FileManager.default.removeItem(at: home)
    }

    @Test func `it runs the jobs that keep the database small, and ends in order`() throws {
        let database = try TestCluster.database()
        let (server, output) = try start(["ATRIUM_PORT": "0", "DATABASE_URL": database, "ATRIUM_LOOPS": "2"])
        defer { server.terminate() }
        let line = read(output, upTo: "/graphql\n")
        let port = try #require(line.firstMatch(of: /:([0-9]+)\/graphql/).flatMap { UInt16($0.1) })
        // By name: some of them come every minute.
        let done = """
            SELECT string_agg(DISTINCT name, ' ' ORDER BY name) FROM jobs WHERE status = 'SUCCEEDED' AND attempts = 1
            """
        let all =
            "accounts.reinstate audit.seal audit.verify calls.sweep chat.sweep files.sweep mail.purge maintenance.partitions maintenance.purge notifications.digest notifications.purge privacy.erase"
        for _ in 0..<400 where try TestCluster.execute(done, on: database) != all { usleep(25_000) }
        #expect(try TestCluster.execute(done, on: database) == all)
        #expect(
            try TestCluster.execute(
                "SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass",
                on: database
            )
                == "9"
        )
        let client = try TestSocket(port: port)
        try client.send("GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        let metrics = String(decoding: try client.receiveToEnd(), as: UTF8.self)
        #expect(metrics.contains(/\natrium_jobs_taken_total ([6-9]|[1-9][0-9]+)\n/))
        #expect(metrics.contains(/\natrium_database_transactions_total [1-9]/))
        server.terminate()
        server.waitUntilExit()
        #expect(server.terminationStatus == 0 && server.terminationReason == .exit)
    }

    @Test func `a worker apart does the jobs of a server that does none, and ends in order`() throws {
        let database = try TestCluster.database()
        let (server, output) = try start(["ATRIUM_PORT": "0", "DATABASE_URL": database, "ATRIUM_JOBS": "off"])
        defer { server.terminate() }
        let line = read(output, upTo: "/graphql\n")
        let port = try #require(line.firstMatch(of: /:([0-9]+)\/graphql/)?.1)
        // It would not start if it listened there, too.
        let settings = [
            "ATRIUM_PORT": String(port), "DATABASE_URL": database, "ATRIUM_JOBS": "off", "ATRIUM_LOOPS": "2",
        ]
        let (worker, said) = try start(settings, ["work"])
        #expect(read(said, upTo: "at a time\n") == "doing jobs, 16 at a time\n")
        let done = "SELECT count(DISTINCT name) > 8 FROM jobs WHERE status = 'SUCCEEDED' AND attempts = 1"
        for _ in 0..<400 where try TestCluster.execute(done, on: database) != "t" { usleep(25_000) }
        #expect(try TestCluster.execute(done, on: database) == "t")
        worker.terminate()
        worker.waitUntilExit()
        #expect(worker.terminationStatus == 0 && worker.terminationReason == .exit)
        #expect(try TestCluster.execute("SELECT count(*) FROM jobs WHERE status = 'RUNNING'", on: database) == "0")
        let (wrong, usage) = try start(settings, ["work", "hard"])
        #expect(read(usage, upTo: nil) == "error: usage: Server work\n")
        wrong.waitUntilExit()
        #expect(wrong.terminationStatus == 2)
    }

    @Test func `dead jobs are listed, and tried again when somebody says so`() throws {
        let database = try TestCluster.database()
        func run(_ arguments: String...) throws -> (output: String, said: String, status: Int32) {
            let program = Process()
            let (output, said) = (Pipe(), Pipe())
            program.executableURL = try Self.program
            program.environment = ["DATABASE_URL": database]
            program.arguments = arguments
            program.standardOutput = output
            program.standardError = said
            try program.run()
            let texts = (read(output.fileHandleForReading, upTo: nil), read(said.fileHandleForReading, upTo: nil))
            program.waitUntilExit()
            return (texts.0, texts.1, program.terminationStatus)
        }
        let none = try run("jobs", "list")
        #expect(none.output == "" && none.said == "dead jobs: 0\n" && none.status == 0, "\(none)")
        let (id, key) = ("job_00000000000000000000000001", "00000000-0000-0000-0000-000000000001")
        let other = "job_00000000000000000000000002"
        try TestCluster.execute(
            """
            INSERT INTO jobs (id, name, status, attempts, max_attempts, finished_at, last_error, unique_key) VALUES
                ('\(key)', 'none.such', 'DEAD', 3, 3, '2026-01-02 03:04:05Z', E'no \\x1b[31m\nsuch', NULL),
                ('00000000-0000-0000-0000-000000000002', 'other', 'DEAD', 1, 1, '2026-01-01Z', NULL, 'one'),
                ('00000000-0000-0000-0000-000000000003', 'other', 'QUEUED', 0, 1, NULL, NULL, 'one')
            """,
            on: database
        )
        let listed = try run("jobs", "list")
        #expect(
            listed.output == """
                \(id)\t2026-01-02T03:04:05.000Z\tnone.such\t3\tno  [31m such
                \(other)\t2026-01-01T00:00:00.000Z\tother\t1\t

                """
        )
        #expect(listed.said == "dead jobs: 2\n")
        let retried = try run("jobs", "retry", id)
        #expect(retried.said == "\(id) (none.such) is tried again\n" && retried.status == 0, "\(retried)")
        let state = "SELECT status || attempts || earlier_attempts FROM jobs WHERE id = '\(key)'"
        #expect(try TestCluster.execute(state, on: database) == "QUEUED33")
        let entry = "SELECT action || ' ' || resource_id FROM audit_logs"
        #expect(try TestCluster.execute(entry, on: database) == "job.retry \(id)")
        let missing = "job_00000000000000000000000009"
        let refused = try run("jobs", "retry", key, other, missing)
        #expect(
            refused.said == """
                error: \(key): it is not dead, but QUEUED
                error: \(other): another job of its kind and key waits or runs
                error: \(missing): there is no such job

                """
        )
        #expect(refused.status == 1)
        // One that ends in an error hides nothing of the others.
        try TestCluster.execute(
            """
            INSERT INTO jobs (name, id, status, attempts, max_attempts) VALUES
                ('a', '00000000-0000-0000-0000-000000000004', 'DEAD', 1, 1),
                ('b', '00000000-0000-0000-0000-000000000005', 'DEAD', 1, 1),
                ('c', '00000000-0000-0000-0000-000000000006', 'DEAD', 1, 1);
            ALTER TABLE jobs ADD CHECK (name <> 'b' OR status = 'DEAD')
            """,
            on: database
        )
        let several = (4...6).map { "job_0000000000000000000000000\($0)" }
        let broken = try run("jobs", "retry", several[0], several[1], several[2])
        let lines = broken.said.split(separator: "\n")
        #expect(lines.count == 3 && broken.status == 1, "\(broken)")
        #expect(lines.first ?? "" == "\(several[0]) (a) is tried again")
        #expect(lines.dropFirst().first?.hasPrefix("error: \(several[1]): ") == true, "\(broken)")
        #expect(lines.last ?? "" == "\(several[2]) (c) is tried again")
        #expect(try run("jobs", "retry", "7").status == 2)
        #expect(try run("jobs").status == 2)
        let (worker, _) = try start(["DATABASE_URL": database], ["work"])
        let isTried = "SELECT attempts > 3 AND earlier_attempts = 3 FROM jobs WHERE id = '\(key)'"
        for _ in 0..<400 where try TestCluster.execute(isTried, on: database) != "t" { usleep(25_000) }
        #expect(try TestCluster.execute(isTried, on: database) == "t")
        worker.terminate()
        worker.waitUntilExit()
    }

    @Test func `everything that is wrong with its settings is said at once`() async throws {
        let (server, output) = try start([
            "ATRIUM_PORT": "70000", "ATRIUM_LOOPS": "none", "ATRIUM_STATUS_CODES": "new",
            "ATRIUM_PLAYGROUND": "no", "ATRIUM_TRACE": "yes",
        ])
        let text = String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self)
        #expect(
            text == """
                error: ATRIUM_LOOPS must be a number from 1 to 256, not "none"
                error: ATRIUM_STATUS_CODES must be legacy or september2026, not "new"
                error: ATRIUM_PLAYGROUND must be on or off, not "no"
                error: ATRIUM_TRACE must be on or off, not "yes"
                error: ATRIUM_PORT must be a number from 0 to 65535, not "70000"

                """
        )
        server.waitUntilExit()
        #expect(server.terminationStatus == 2)
    }

    @Test func `it brings its own database, which ends with it however that happens`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("atrium-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let settings = ["ATRIUM_PORT": "0", "ATRIUM_DRAIN_SECONDS": "1", "ATRIUM_DATABASE_FOLDER": "\(folder)/cluster"]
        for round in 0..<2 {
            let (server, output) = try start(settings)
            let text = read(output, upTo: "/graphql\n")
            #expect(text.contains("migration 1 foundation applied") == (round == 0), "\(text)")
            let port = try #require(text.firstMatch(of: /127\.0\.0\.1:([0-9]+)/)?.output.1)
            #expect(
                try ask("{ serverInfo { database { migration } } }", port: String(port))
                    .contains(/{"data":{"serverInfo":{"database":{"migration":[1-9][0-9]*}}}}/)
            )
            kill(server.processIdentifier, round == 0 ? SIGKILL : SIGTERM)
            server.waitUntilExit()
            // The database notices the end of the server by itself.
            let lock = "\(folder)/cluster/data/postmaster.pid"
            for _ in 0..<400 where FileManager.default.fileExists(atPath: lock) { usleep(50_000) }
            #expect(!FileManager.default.fileExists(atPath: lock))
        }
    }

    @Test func `a migration is made with the next number, and embedded`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let sources = folder.appendingPathComponent("Sources/CMigrations/sql")
        try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "SELECT 1;".write(to: sources.appendingPathComponent("0007_before.sql"), atomically: true, encoding: .utf8)
        let server = Process()
        let output = Pipe()
        server.executableURL = try Self.program
        server.environment = [:]
        server.currentDirectoryURL = folder
        server.arguments = ["migrate", "create", "add_colours"]
        server.standardError = output
        try server.run()
        #expect(read(output.fileHandleForReading, upTo: nil).hasSuffix("0008_add_colours.sql\n"))
        server.waitUntilExit()
        let made = try String(contentsOf: sources.appendingPathComponent("0008_add_colours.sql"), encoding: .utf8)
        #expect(made.hasPrefix("-- "))
        let embedded = try FileManager.default.contentsOfDirectory(
            atPath: folder.appendingPathComponent("Sources/CMigrations").path
        ).filter { $0.hasSuffix(".c") }
        let source = folder.appendingPathComponent("Sources/CMigrations/\(try #require(embedded.first))")
        let text = try String(contentsOf: source, encoding: .utf8)
        #expect(text.contains("0007_before.sql") && text.contains("0008_add_colours.sql"))
    }

    @Test func `a history of another program is said with what to do`() async throws {
        let database = try TestCluster.database()
        let (first, output) = try start(["DATABASE_URL": database], ["migrate", "up"])
        #expect(read(output, upTo: nil).hasSuffix(" applied\n"))
        first.waitUntilExit()
        #expect(first.terminationStatus == 0)
        try TestCluster.execute(
            "INSERT INTO schema_migrations (version, name, checksum, duration_ms) VALUES (9999, 'later', '', 0)",
            on: database
        )
        let (second, said) = try start(["DATABASE_URL": database, "ATRIUM_PORT": "0"])
        #expect(
            read(said, upTo: nil) == """
                error: the database has migration 9999 later, which this program does not know: \
                start the version that made it, or restore a backup from before

                """
        )
        second.waitUntilExit()
        #expect(second.terminationStatus == 1)
    }

    @Test func `an empty database is filled with the sample world when that is wanted, and only then`() async throws {
        let database = try TestCluster.database()
        for round in 0..<2 {
            let (server, output) = try start(["DATABASE_URL": database, "ATRIUM_PORT": "0", "ATRIUM_SAMPLE": "on"])
            let text = read(output, upTo: "/graphql\n")
            #expect(text.contains("sign in as mara"), "round \(round): \(text)")
            server.terminate()
            server.waitUntilExit()
        }
        let (plain, output) = try start(["DATABASE_URL": try TestCluster.database(), "ATRIUM_PORT": "0"])
        #expect(!read(output, upTo: "/graphql\n").contains("mara"))
        plain.terminate()
        plain.waitUntilExit()
    }

    @Test func `the sample world and its password are refused where people rely on the server`() async throws {
        let settings = [
            "DATABASE_URL": try TestCluster.database(), "APP_ENV": "production",
            "JWT_SECRET": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "ENCRYPTION_KEYS": "1:xHKCZUPaW4NQXmAgL7J9lphgQY8QyrYrTI1fzait5fQ=",
        ]
        let (seed, said) = try start(settings, ["seed", "--sample"])
        #expect(read(said, upTo: nil).contains("not in production"))
        seed.waitUntilExit()
        #expect(seed.terminationStatus == 2)
        let (server, output) = try start(settings.merging(["ATRIUM_SAMPLE": "on"]) { $1 })
        #expect(read(output, upTo: nil).contains("ATRIUM_SAMPLE must be off in production"))
        server.waitUntilExit()
        #expect(server.terminationStatus == 2)
    }

    @Test func `the playground offers the people of the sample world in development and nowhere else`() throws {
        let database = try TestCluster.database()
        let serving = [
            "DATABASE_URL": database, "ATRIUM_PORT": "0", "ATRIUM_DRAIN_SECONDS": "0",
            "JWT_SECRET": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "ENCRYPTION_KEYS": "1:xHKCZUPaW4NQXmAgL7J9lphgQY8QyrYrTI1fzait5fQ=",
        ]
        func offers(_ settings: [String: String]) throws -> String {
            let (server, output) = try start(serving.merging(settings) { $1 })
            defer {
                server.terminate()
                server.waitUntilExit()
            }
            let line = read(output, upTo: "/graphql\n")
            let port = try #require(line.firstMatch(of: /:([0-9]+)\/graphql/).flatMap { UInt16($0.1) })
            let client = try TestSocket(port: port)
            try client.send("GET /graphql/playground/offers HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            return String(decoding: try client.receiveToEnd(), as: UTF8.self)
        }
        #expect(try !offers([:]).contains("mara"), "nobody is there yet")
        #expect(try offers(["ATRIUM_SAMPLE": "on"]).contains(#""identifier":"mara""#))
        #expect(try offers([:]).contains("lamp in the garden"), "they are there from before")
        for purpose in ["test", "staging", "production"] {
            let answer = try offers(["APP_ENV": purpose, "ATRIUM_PLAYGROUND": "on"])
            #expect(answer.contains(#"{"estimate":true}"#), "\(purpose): \(answer)")
            #expect(!answer.contains("mara") && !answer.contains("lamp"), "\(purpose)")
        }
        #expect(
            try offers(["APP_ENV": "production"]).hasPrefix("HTTP/1.1 404"),
            "and nothing where nobody asked for it"
        )
    }

    @Test func `an administrator is made from the command line with a password from a pipe`() async throws {
        let database = try TestCluster.database()
        func createAdmin(_ password: String) throws -> (text: String, status: Int32) {
            let program = Process()
            let (input, output) = (Pipe(), Pipe())
            program.executableURL = try Self.program
            program.environment = ["DATABASE_URL": database]
            program.arguments = ["user", "create-admin", "root@example.org", "--name", "Root", "--username", "root"]
            program.standardInput = input
            program.standardError = output
            try program.run()
            try input.fileHandleForWriting.write(contentsOf: Data((password + "\n").utf8))
            try input.fileHandleForWriting.close()
            let text = read(output.fileHandleForReading, upTo: nil)
            program.waitUntilExit()
            return (text, program.terminationStatus)
        }
        let weak = try createAdmin("short")
        #expect(weak.status == 2 && weak.text == "error: password: Must have at least 10 characters.\n", "\(weak)")
        let made = try createAdmin("correct horse battery")
        #expect(made.status == 0 && made.text == "root may do everything\n", "\(made)")
        let again = try createAdmin("correct horse battery")
        #expect(again.status == 2 && again.text.hasPrefix("error: email: Somebody has this address."), "\(again)")
    }

    @Test func `a database that cannot be reached ends the start`() async throws {
        let (server, output) = try start(["DATABASE_URL": "host=/nowhere user=x", "ATRIUM_PORT": "0"])
        let text = read(output, upTo: nil)
        #expect(text.hasPrefix("error: the database cannot be reached: "), "\(text)")
        server.waitUntilExit()
        #expect(server.terminationStatus == 1)
    }

    /// What is written until it ends so, or all of it.
    private func read(_ output: FileHandle, upTo end: String?) -> String {
        var text = ""
        while end.map({ !text.hasSuffix($0) }) ?? true {
            let more = output.availableData
            if more.isEmpty { break }
            text += String(decoding: more, as: UTF8.self)
        }
        return text
    }

    private func ask(_ query: String, port: String) throws -> String {
        let curl = Process()
        let output = Pipe()
        curl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        curl.arguments = [
            "python3", "-c",
            """
            import sys, urllib.request as r
            q = r.Request("http://127.0.0.1:" + sys.argv[1] + "/graphql", sys.argv[2].encode(),
                {"content-type": "application/json"})
            print(r.urlopen(q).read().decode())
            """,
            port, "{\"query\": \"\(query)\"}",
        ]
        curl.standardOutput = output
        try curl.run()
        defer { curl.waitUntilExit() }
        return String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    }
}
