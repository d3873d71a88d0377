/// How one connection is made and what it may take.
public struct ConnectionOptions: Sendable {
    /// A URL or the keywords of libpq, `sslmode` and all: https://www.postgresql.org/docs/15/libpq-connect.html
    public var connectionString: String
    public var applicationName = "atrium"
    public var connectTimeout = Duration.seconds(5)
    /// How long a cancelled statement may go on before its connection is given up.
    public var cancelGrace = Duration.seconds(5)
    /// Statements sent between two synchronisations: an error aborts those behind it, which are then sent again.
    public var maximumBatch = 128
    /// False behind a pooler that gives each transaction another connection, and so forgets what was prepared.
    public var preparesStatements = true
    /// How long the server lets a transaction wait for its next statement.
    public var idleInTransaction = Duration.seconds(60)

    /// How long a connection that listens may be silent before it is asked whether it still works.
    public var listenerCheckInterval = Duration.seconds(15)

    /// Has the server refuse changes; not behind a pooler, which does not pass settings on.
    public var isReadOnly = false

    public init(_ connectionString: String) { self.connectionString = connectionString }
}

/// What a connection has done; read on its loop.
public struct ConnectionMetrics: Sendable, Equatable {
    public var statements: UInt64 = 0
    public var synchronisations: UInt64 = 0
    public var preparations: UInt64 = 0
    /// Reads sent again because a neighbour in their batch failed.
    public var resent: UInt64 = 0
    public var cancels: UInt64 = 0
    public var deadlinesExceeded: UInt64 = 0

    public init() {}

    public static func += (total: inout ConnectionMetrics, one: ConnectionMetrics) {
        total.statements &+= one.statements
        total.synchronisations &+= one.synchronisations
        total.preparations &+= one.preparations
        total.resent &+= one.resent
        total.cancels &+= one.cancels
        total.deadlinesExceeded &+= one.deadlinesExceeded
    }
}
