import CLibPQ
import Glibc
public import PostgresEmbedded
import Synchronization

/// The real PostgreSQL of a test process: one cluster, started when the first test asks for it, gone with the process.
public enum TestCluster {
    private static let cluster: EmbeddedPostgres = {
        do {
            removeOrphans()
            let cluster = try start("shared")
            atexit { TestCluster.end() }
            return cluster
        } catch { fatalError("tests need PostgreSQL: \(error)") }
    }()

    private static let count = Atomic<Int>(0)
    private static let templates = Mutex<[String: String]>([:])

    /// A cluster of a test's own, to be stopped and killed; ends with its last reference.
    public static func start(
        _ name: String,
        settings: [(name: String, value: String)] = []
    ) throws -> EmbeddedPostgres {
        var options = EmbeddedPostgres.Options()
        options.isDurable = false
        options.settings = [("max_connections", "200"), ("shared_buffers", "64MB")] + settings
        return try EmbeddedPostgres(folder: "\(folder)/\(name)", options)
    }

    /// An empty database, or a copy of `template`, which `fill` has filled before its first use.
    public static func database(template: String? = nil, fill: (String) throws -> Void = { _ in }) throws -> String {
        let number = count.add(1, ordering: .relaxed).newValue
        if number % generation == 0 { dropDatabases(before: number - generation) }
        let name = "test_\(number)"
        let source = try template.map { try self.template($0, fill) } ?? "template0"
        try execute("CREATE DATABASE \(name) TEMPLATE \(source)", on: cluster.connectionString)
        return cluster.connectionString(database: name)
    }

    /// So many databases, with twice as many at most, are kept: all tests together would fill a disk.
    private static let generation = 100

    /// What somebody is still connected to stays.
    private static func dropDatabases(before number: Int) {
        for former in max(1, number - generation)..<max(1, number) {
            _ = try? execute("DROP DATABASE IF EXISTS test_\(former)", on: cluster.connectionString)
        }
    }

    /// A template still to be filled, before the first database is made from it.
    public static func emptyTemplate(_ key: String) throws -> String {
        try cluster.connectionString(database: template(key) { _ in })
    }

    private static func template(_ key: String, _ fill: (String) throws -> Void) throws -> String {
        try templates.withLock { templates in
            if let known = templates[key] { return known }
            let name = "template_\(templates.count)"
            try execute("CREATE DATABASE \(name) TEMPLATE template0", on: cluster.connectionString)
            try fill(cluster.connectionString(database: name))
            templates[key] = name
            return name
        }
    }

    public struct Refusal: Error {
        /// The five characters that say what kind of error it is.
        public let state: String
        public let message: String
    }

    /// Runs statements over a connection of their own, blocking; the first value of the last answer.
    @discardableResult
    public static func execute(_ sql: String, on connectionString: String) throws -> String? {
        let connection = PQconnectdb(connectionString)
        defer { PQfinish(connection) }
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK: return nil
        case PGRES_TUPLES_OK: return PQntuples(result) > 0 ? String(cString: PQgetvalue(result, 0, 0)) : nil
        default:
            let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
            throw Refusal(state: state ?? "", message: String(cString: PQerrorMessage(connection)))
        }
    }

    private static let prefix = "/tmp/atrium-tests-"
    private static var folder: String { "\(prefix)\(getpid())" }

    /// Removes what test processes have left that were killed, beside the first tests.
    private static func removeOrphans() {
        _ = system("for f in \(prefix)*; do [ -e \"/proc/${f##*-}\" ] || rm -rf \"$f\"; done &")
    }

    private static func end() {
        cluster.stop()
        _ = system("rm -rf '\(folder)'")
    }
}
