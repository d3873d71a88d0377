/// The limits of one loop and of the streams on it.
public struct EventLoopConfiguration: Sendable {
    /// Bytes read from a socket at once, into a buffer that the whole loop shares.
    public var readBufferBytes = 65_536
    /// Task jobs run before sockets get their turn again.
    public var jobsPerTurn = 4_096
    /// Connections accepted by one listener before other sockets get their turn again.
    public var acceptsPerTurn = 64
    /// Open streams per loop; further clients wait in the kernel's queue.
    public var maximumStreams = 16_384
    /// Bytes of output chunks kept for reuse.
    public var pooledChunkBytes = 4_194_304
    /// Larger chunks are given back to the allocator.
    public var largestPooledChunk = 65_536
    /// Queued output from which a stream asks its writers to wait.
    public var highWaterMark = 262_144
    /// Queued output at which it tells them to go on.
    public var lowWaterMark = 65_536
    /// How long a peer may accept no output before it is cut off.
    public var sendTimeout = Duration.seconds(30)
    /// Bytes per second a peer that lets output wait must take on average, once that time is used up.
    public var sendMinimumRate = 240
    /// How long a closing stream waits for the peer's end when nothing more comes, so that the last response is not lost to a
    /// reset.
    public var lingerTimeout = Duration.seconds(2)
    /// The same while more comes, which is thrown away: whoever sends a long body reads its refusal behind it.
    public var longestLinger = Duration.seconds(30)
    /// Streams of one address on a loop; further ones are closed at once. Nil for as many as there are streams.
    public var maximumStreamsPerAddress: Int?
    /// Addresses without that limit: those of proxies, by which many come.
    public var isShared: @Sendable (SocketAddress) -> Bool = { _ in false }

    public init() {}
}

/// What a loop has done; read on the loop.
public struct EventLoopMetrics: Sendable {
    public var jobs: UInt64 = 0
    /// How long turns took: whatever becomes ready waits for the end of the turn that runs.
    public var turns = Histogram()
    public var accepted: UInt64 = 0
    /// Streams closed at once because their address had too many.
    public var acceptsRefused: UInt64 = 0
    /// Accepts put off because the loop, or the process, had too many descriptors.
    public var acceptsDeferred: UInt64 = 0
    public var bytesRead: UInt64 = 0
    public var bytesWritten: UInt64 = 0
    /// Peers cut off because they did not take their output in time.
    public var sendTimeouts: UInt64 = 0
    /// Streams put on hold because the writer was faster than the peer.
    public var highWaterMarks: UInt64 = 0
    public var tlsHandshakes: UInt64 = 0
    public var tlsFailures: UInt64 = 0

    public init() {}

    public static func += (total: inout EventLoopMetrics, one: EventLoopMetrics) {
        total.jobs &+= one.jobs
        total.turns += one.turns
        total.accepted &+= one.accepted
        total.acceptsRefused &+= one.acceptsRefused
        total.acceptsDeferred &+= one.acceptsDeferred
        total.bytesRead &+= one.bytesRead
        total.bytesWritten &+= one.bytesWritten
        total.sendTimeouts &+= one.sendTimeouts
        total.highWaterMarks &+= one.highWaterMarks
        total.tlsHandshakes &+= one.tlsHandshakes
        total.tlsFailures &+= one.tlsFailures
    }
}
