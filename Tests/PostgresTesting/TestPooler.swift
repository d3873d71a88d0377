import Foundation
public import PostgresEmbedded

/// A real PgBouncer before a cluster, which gives each transaction another connection.
public final class TestPooler {
    public struct NotInstalled: Error, CustomStringConvertible {
        public let description = "PgBouncer is not installed: scripts/setup installs it"
    }

    private static let program = "/usr/sbin/pgbouncer"
    private let process = Process()
    private let folder: String
    /// How libpq reaches the cluster's databases through it.
    public let connectionString: String

    /// - Parameter connections: how many it has to the server.
    public init(_ cluster: EmbeddedPostgres, database: String = "atrium", connections: Int = 3) throws {
        guard FileManager.default.isExecutableFile(atPath: Self.program) else { throw NotInstalled() }
        guard let host = cluster.connectionString.firstMatch(of: /host='([^']+)'/)?.1 else { throw NotInstalled() }
        folder = FileManager.default.temporaryDirectory.path + "/atrium-pooler-\(UUID().uuidString.prefix(8))"
        connectionString = "host=\(folder) port=6432 user=atrium dbname=\(database)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        chmod(folder, 0o777)
        let settings = """
            [databases]
            * = host=\(host) port=5432 user=atrium
            [pgbouncer]
            unix_socket_dir = \(folder)
            listen_port = 6432
            auth_type = any
            pool_mode = transaction
            default_pool_size = \(connections)
            \(geteuid() == 0 ? "user = postgres" : "")
            """
        try settings.write(toFile: "\(folder)/settings", atomically: true, encoding: .utf8)
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = ["-q", "\(folder)/settings"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<1_000 where !FileManager.default.fileExists(atPath: "\(folder)/.s.PGSQL.6432") { usleep(10_000) }
    }

    /// A child has the blocked signals of the thread that started it, which may be all that can be blocked.
    public func stop() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
