/// Every limit of the HTTP side. What exceeds one is counted in `HTTPServerMetrics`.
public struct HTTPServerConfiguration: Sendable {
    /// Bytes of the request line; beyond: 414.
    public var maximumRequestLine = 8_192
    /// Bytes of one field line; beyond: 431.
    public var maximumFieldLine = 8_192
    /// Bytes of request line and fields together; beyond: 431.
    public var maximumHead = 32_768
    /// Fields of one request; beyond: 431.
    public var maximumFields = 100
    /// Bytes of a body, unless the handler's `HTTPBodyPolicy` says otherwise; beyond: 413.
    public var maximumBody = 1 << 20
    /// Bytes of chunk extensions in one body; beyond: 400.
    public var maximumChunkExtensions = 4_096
    /// Bytes of trailers, which are read and ignored; beyond: 431.
    public var maximumTrailers = 8_192
    /// Bytes of a streamed body that wait for the handler before reading pauses.
    public var bodyStreamBuffer = 65_536
    /// Bytes of later requests that wait for the response to this one before reading pauses.
    public var pipelineBuffer = 65_536

    /// From the first byte of a request to the end of its head; beyond: 408. Also the wait for a first request.
    public var headTimeout = Duration.seconds(10)
    /// Between requests; beyond: the connection is closed.
    public var idleTimeout = Duration.seconds(60)
    /// How long a body may be silent; beyond: 408.
    public var bodyGrace = Duration.seconds(10)
    /// Bytes per second a body must bring on average, once its grace is used up.
    public var bodyMinimumRate = 240
    /// How long a drain leaves an idle connection open for one more request, so that none is lost on its way.
    public var drainGrace = Duration.milliseconds(250)

    /// Responses of at least this size are compressed when the client accepts it; nil for never.
    public var compressionThreshold: Int? = 1_024
    /// zlib's level, 1 (fast) to 9 (small).
    public var compressionLevel = 4
    /// Whether requests have an id: the client's `X-Request-Id` or one of our own, which every response carries.
    public var identifiesRequests = false
    /// Whether `HTTPServerMetrics.durations` is kept.
    public var measuresDurations = false
    /// Called when a response is complete, or a request was refused. Runs on the loop: must not block.
    public var accessLog: (@Sendable (HTTPAccessRecord) -> Void)?

    public init() {}
}
