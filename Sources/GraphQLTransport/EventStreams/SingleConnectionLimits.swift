/// What the single-connection mode of event streams may hold.
public struct SingleConnectionLimits: Sendable {
    /// Streams reserved or open; beyond: 503.
    public var maximumReservations = 10_000
    /// Streams of one client (``ExecutionContext/clientKey``); beyond: 429.
    public var maximumReservationsPerClient = 100
    /// Operations of one stream at a time; beyond: 429.
    public var maximumOperations = 100
    /// Bytes of the requests whose operations run in one stream; beyond: 429. One alone may be as large as a request.
    public var maximumRequestBytes = 4 << 20
    /// Bytes of the requests that wait for one stream to be opened; beyond: 429.
    public var maximumWaitingBytes = 64 << 10
    /// The same of all streams together; beyond: 429.
    public var maximumWaitingBytesOfAll = 8 << 20
    /// How long a stream may be reserved without being opened; then it is forgotten, with all that waits for it.
    public var openTimeout = Duration.seconds(30)
    /// Bytes of answers that may wait until the client has read what came before them; beyond: the stream is cut.
    public var maximumHeldBytes = 16 << 20

    public init() {}
}
