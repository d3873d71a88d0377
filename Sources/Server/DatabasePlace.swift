import PostgresClient
import PostgresEmbedded

/// Where the data is: where `DATABASE_URL` says, or in a private PostgreSQL that lives as long as the server.
struct DatabasePlace {
    let options: PoolOptions
    private let embedded: EmbeddedPostgres?

    /// Starts the private PostgreSQL, if it is one; blocks until it answers.
    init(_ configuration: Configuration) throws {
        var primary: ConnectionOptions
        if let url = configuration.databaseURL {
            embedded = nil
            primary = ConnectionOptions(url)
        } else {
            let started = try Self.start(in: configuration.databaseFolder)
            embedded = started
            primary = ConnectionOptions(started.connectionString)
        }
        primary.preparesStatements = !configuration.isBehindPooler
        var options = PoolOptions(primary)
        options.transactionConnections = configuration.databaseConnections
        options.direct = configuration.directURL.map { ConnectionOptions($0) }
        options.replica = configuration.replicaURL.map { url in
            var replica = primary
            replica.connectionString = url
            return replica
        }
        self.options = options
    }

    private static func start(in folder: String?) throws(EmbeddedPostgresError) -> EmbeddedPostgres {
        if let folder { return try EmbeddedPostgres(folder: folder) }
        let usual = ".atrium/postgres"
        do throws(EmbeddedPostgresError) { return try EmbeddedPostgres(folder: usual) } catch {
            // Root's own folders are closed to the user whose rights PostgreSQL gets.
            guard case .unreachable(let closed, let user) = error else { throw error }
            let open = try EmbeddedPostgres.systemFolder(for: usual)
            Server.report(["\(closed) is closed to PostgreSQL's user \(user): the data is in \(open)"])
            return try EmbeddedPostgres(folder: open)
        }
    }

    func stop() { embedded?.stop() }
}
