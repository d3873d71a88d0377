internal import CLibPQ
import Glibc
internal import Synchronization

/// A private PostgreSQL: a cluster in a folder, run from the installed programs, reached by a UNIX socket alone.
///
/// It is made once, kept running by a supervisor that also survives a crash of the database, and stopped with this
/// process, however that ends. All calls block: they belong before the event loops start or after they have ended.
public final class EmbeddedPostgres: Sendable {
    public struct Options: Sendable {
        public var database = "atrium"
        /// Lines of `postgresql.conf` on top of the cluster's own.
        public var settings: [(name: String, value: String)] = []
        /// Where the programs are; nil for the usual places.
        public var programs: String?
        public var readyTimeoutSeconds = 60
        /// False for clusters that are thrown away: they survive a crash of the server, not one of the machine.
        public var isDurable = true

        public init() {}
    }

    public let folder: String
    public let version: Int
    /// How libpq reaches the database.
    public let connectionString: String
    private let cluster: ClusterFolder
    private let process: Mutex<Process?>

    /// What a running cluster holds.
    private struct Process {
        let supervisor: pid_t
        /// As long as this is open, the supervisor keeps the server running.
        let lifeline: Int32
        let lock: Int32
    }

    /// Makes the cluster in `folder` unless it is there, starts it and waits until it answers.
    public init(folder: String, _ options: Options = Options()) throws(EmbeddedPostgresError) {
        let user = try ServerUser.suitable()
        let cluster = try ClusterFolder(folder, user: user)
        let lock = try cluster.lock()
        do throws(EmbeddedPostgresError) {
            let programs = try PostgresPrograms.find(version: cluster.version, preferred: options.programs)
            if cluster.version == nil { try makeCluster(cluster, programs, user, options) }
            try LeftoverServer(folder: cluster).clear()
            let (supervisor, lifeline, ends) = try startServer(cluster, programs, user, options)
            defer { close(ends) }
            do throws(EmbeddedPostgresError) {
                try waitUntilReady(cluster, ends: ends, options)
                try makeDatabase(options.database, socket: cluster.socket)
            } catch {
                end(supervisor, lifeline)
                throw error
            }
            self.cluster = cluster
            self.folder = cluster.path
            version = programs.version
            connectionString = parameters(socket: cluster.socket, database: options.database)
            process = Mutex(Process(supervisor: supervisor, lifeline: lifeline, lock: lock))
        } catch {
            close(lock)
            throw error
        }
    }

    deinit { stop() }

    /// A folder of the system that stands for one which only root may enter, always the same.
    public static func systemFolder(for folder: String) throws(EmbeddedPostgresError) -> String {
        "/var/lib/atrium-\(digest(try absolute(folder)))"
    }

    /// How libpq reaches another database of the cluster.
    public func connectionString(database: String) -> String { parameters(socket: cluster.socket, database: database) }

    /// The process id of the server itself, which changes when the supervisor has started it again.
    public var serverProcess: Int32? { LeftoverServer(folder: cluster).process }

    /// Ends all connections and the server, and waits for it. Calling it again does nothing.
    public func stop() {
        guard let running = process.withLock({ $0.take() }) else { return }
        end(running.supervisor, running.lifeline)
        // A supervisor that somebody has killed has not stopped it.
        try? LeftoverServer(folder: cluster).clear()
        rmdir(cluster.socket)
        close(running.lock)
    }
}

private func end(_ supervisor: pid_t, _ lifeline: Int32) {
    close(lifeline)
    var status: Int32 = 0
    while waitpid(supervisor, &status, 0) < 0, errno == EINTR {}
}

/// The text is for libpq; the socket's folder may hold anything.
private func parameters(socket: String, database: String) -> String {
    func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
    return "host=\(quoted(socket)) port=5432 user=atrium dbname=\(quoted(database))"
}

/// Makes the cluster beside its place and moves it there when it is whole: a crash half-way leaves nothing.
private func makeCluster(
    _ cluster: ClusterFolder,
    _ programs: PostgresPrograms,
    _ user: ServerUser,
    _ options: EmbeddedPostgres.Options
) throws(EmbeddedPostgresError) {
    let unfinished = "\(cluster.path)/data.new"
    remove(unfinished)
    let log = try cluster.openLog()
    defer { close(log) }
    var arguments = [
        "--pgdata=\(unfinished)", "--username=atrium", "--encoding=UTF8", "--locale=C.UTF-8",
        "--auth-local=trust", "--auth-host=reject", "--no-instructions", "--data-checksums",
    ]
    if !options.isDurable { arguments.append("--no-sync") }
    let command = Command(
        program: "\(programs.folder)/initdb",
        arguments: arguments,
        folder: cluster.path,
        user: user,
        output: log
    )
    guard try command.run() == 0 else {
        throw .failed(step: "initdb", output: end(of: cluster.log, bytes: 1_000))
    }
    guard rename(unfinished, cluster.data) == 0 else { throw .system("rename", unfinished) }
}

private func startServer(
    _ cluster: ClusterFolder,
    _ programs: PostgresPrograms,
    _ user: ServerUser,
    _ options: EmbeddedPostgres.Options
) throws(EmbeddedPostgresError) -> (supervisor: pid_t, lifeline: Int32, ends: Int32) {
    var settings = [
        ("listen_addresses", ""), ("port", "5432"), ("unix_socket_directories", cluster.socket),
        ("timezone", "UTC"), ("log_timezone", "UTC"), ("log_line_prefix", "%m [%p] "),
    ]
    if !options.isDurable {
        settings += [("fsync", "off"), ("full_page_writes", "off")]
    }
    settings += options.settings.map { ($0.name, $0.value) }
    let log = try cluster.openLog()
    defer { close(log) }
    let command = Command(
        program: "\(programs.folder)/postgres",
        arguments: ["-D", cluster.data] + settings.flatMap { ["-c", "\($0.0)=\($0.1)"] },
        folder: cluster.path,
        user: user,
        output: log
    )
    let (lifelineEnd, lifeline) = try makePipe()
    defer { close(lifelineEnd) }
    let (ends, endsWriter) = try makePipe()
    defer { close(endsWriter) }
    do throws(EmbeddedPostgresError) {
        return (try command.supervise(lifeline: lifelineEnd, ends: endsWriter), lifeline, ends)
    } catch {
        close(lifeline)
        close(ends)
        throw error
    }
}

/// Both ends close in programs that are started, and do not block.
private func makePipe() throws(EmbeddedPostgresError) -> (reader: Int32, writer: Int32) {
    var ends: (Int32, Int32) = (-1, -1)
    let result = withUnsafeMutablePointer(to: &ends) {
        $0.withMemoryRebound(to: Int32.self, capacity: 2) { pipe($0) }
    }
    guard result == 0 else { throw .system("pipe", "") }
    for descriptor in [ends.0, ends.1] {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }
    return (ends.0, ends.1)
}

private func waitUntilReady(
    _ cluster: ClusterFolder,
    ends: Int32,
    _ options: EmbeddedPostgres.Options
) throws(EmbeddedPostgresError) {
    let parameters = parameters(socket: cluster.socket, database: "postgres")
    var failures = 0
    for _ in 0..<(options.readyTimeoutSeconds * 50) {
        if PQping(parameters) == PQPING_OK { return }
        var end: UInt8 = 0
        if read(ends, &end, 1) == 1 { failures += 1 }
        // After a crash, processes of the old server may linger for a moment: the supervisor tries again.
        if failures == 5 {
            throw .failed(step: "starting PostgreSQL", output: PostgresEmbedded.end(of: cluster.log, bytes: 1_000))
        }
        usleep(20_000)
    }
    throw .notReady(
        seconds: options.readyTimeoutSeconds,
        output: PostgresEmbedded.end(of: cluster.log, bytes: 1_000)
    )
}

private func makeDatabase(_ name: String, socket: String) throws(EmbeddedPostgresError) {
    let connection = PQconnectdb(parameters(socket: socket, database: "postgres"))
    defer { PQfinish(connection) }
    // A standby has what its primary has, and makes nothing.
    let known = PQexec(connection, "SELECT datname FROM pg_database")
    defer { PQclear(known) }
    for row in 0..<PQntuples(known) where PQgetvalue(known, row, 0).map({ String(cString: $0) }) == name { return }
    let quoted = name.replacing("\"", with: "\"\"")
    let result = PQexec(connection, "CREATE DATABASE \"\(quoted)\"")
    defer { PQclear(result) }
    guard PQresultStatus(result) != PGRES_COMMAND_OK else { return }
    let isThere = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) == "42P04" }
    guard isThere == true else {
        throw .failed(step: "creating the database \(name)", output: String(cString: PQerrorMessage(connection)))
    }
}
