/// What the single-connection mode of event streams may hold.
public struct SingleConnectionLimits: Sendable {
    /// Streams reserved or open; beyond: 503.
    public var maximumReservations = 10_000
    /// Operations of one stream at a time; beyond: 429.
    public var maximumOperations = 100
    /// How long a stream may be reserved without being opened.
    public var openTimeout = Duration.seconds(30)

    public init() {}
}
