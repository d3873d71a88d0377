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
            let started = try EmbeddedPostgres(folder: configuration.databaseFolder)
            embedded = started
            primary = ConnectionOptions(started.connectionString)
        }
        primary.preparesStatements = !configuration.isBehindPooler
        var options = PoolOptions(primary)
        options.transactionConnections = configuration.databaseConnections
        options.replica = configuration.replicaURL.map { url in
            var replica = primary
            replica.connectionString = url
            return replica
        }
        self.options = options
    }

    func stop() { embedded?.stop() }
}
