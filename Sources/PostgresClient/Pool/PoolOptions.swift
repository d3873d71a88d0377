/// How many connections a loop has to its database, and what may be asked of them.
public struct PoolOptions: Sendable {
    public var primary: ConnectionOptions
    /// Answers reads that may be a moment old, as long as it can be reached.
    public var replica: ConnectionOptions?
    /// Leads past a pooler, for what needs a connection to itself: LISTEN, and locks that outlast a transaction.
    public var direct: ConnectionOptions?
    /// Connections that many reads share. One does, as long as no statement holds the others up.
    public var readConnections = 3
    /// Reads on one of them at a time; further ones wait.
    public var readsPerConnection = 512
    /// How long a connection may be without an answer before new reads go elsewhere.
    public var heldUpAfter = Duration.milliseconds(20)
    /// Connections for transactions, each with one at a time.
    public var transactionConnections = 8
    /// Requests that may wait for a connection.
    public var queueLimit = 1_024
    /// How long they may.
    public var queueDeadline = Duration.seconds(5)
    /// How long a statement may take, its waiting included.
    public var statementDeadline = Duration.seconds(15)
    /// How often a transaction is run before its serialization failure or deadlock is given to the caller.
    public var transactionAttempts = 5
    /// Unused transaction connections are closed after this time, but for one.
    public var idleTimeout = Duration.seconds(300)
    /// A connection is replaced at this age, give or take a tenth.
    public var maximumLifetime = Duration.seconds(3_600)
    /// How long a connection may be unused before it is asked whether it still works.
    public var healthCheckInterval = Duration.seconds(30)
    public var firstBackOff = Duration.milliseconds(50)
    public var longestBackOff = Duration.seconds(5)
    /// Failed attempts in a row after which requests are refused at once until one succeeds.
    public var breakerThreshold = 5

    /// How many statements are told apart by what they took; 0 where nothing is noted. Programs have some hundreds.
    public var measuredStatements = 4_096

    /// Asked before each statement for whoever wants to hear of it; nil when nobody ever does.
    public var observer: (@Sendable () -> StatementObserver?)?

    /// What LISTEN and locks of sessions go over.
    public var ofItsOwn: ConnectionOptions { direct ?? primary }

    public init(_ primary: ConnectionOptions) { self.primary = primary }
    public init(_ connectionString: String) { self.init(ConnectionOptions(connectionString)) }
}

/// What a pool has done and holds; read on its loop.
public struct PoolMetrics: Sendable, Equatable {
    public var connections = 0
    public var idle = 0
    public var waiting = 0
    public var connects: UInt64 = 0
    public var connectFailures: UInt64 = 0
    /// Connections that ended without being asked to.
    public var connectionsLost: UInt64 = 0
    public var waits: UInt64 = 0
    public var queueTimeouts: UInt64 = 0
    public var queueRefusals: UInt64 = 0
    public var breakerOpenings: UInt64 = 0
    public var breakerRefusals: UInt64 = 0
    public var transactions: UInt64 = 0
    public var transactionRetries: UInt64 = 0
    public var commitsUnknown: UInt64 = 0
    public var replicaReads: UInt64 = 0
    public var statements = ConnectionMetrics()

    public init() {}
}
