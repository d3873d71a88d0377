import EventLoop

/// The times of a configuration in nanoseconds: each request asks for most of them, and a `Duration` has to be divided.
struct HTTPTimes {
    let head: UInt64
    let idle: UInt64
    let bodyGrace: UInt64
    /// What a byte of a body buys.
    let bodyByte: UInt64
    let drainGrace: UInt64

    init(_ configuration: HTTPServerConfiguration) {
        head = configuration.headTimeout.nanoseconds
        idle = configuration.idleTimeout.nanoseconds
        bodyGrace = configuration.bodyGrace.nanoseconds
        bodyByte = 1_000_000_000 / UInt64(max(1, configuration.bodyMinimumRate))
        drainGrace = configuration.drainGrace.nanoseconds
    }
}

/// What the connections of one loop share.
///
/// `@unchecked Sendable`: confined to its loop.
final class HTTPLoop: @unchecked Sendable {
    let loop: EventLoop
    let configuration: HTTPServerConfiguration
    let times: HTTPTimes
    let handler: any HTTPHandler
    let pool = HTTPRequestPool()
    let gzip: GzipEncoder
    @exclusivity(unchecked) var date = DateField()
    @exclusivity(unchecked) var metrics = HTTPServerMetrics()
    @exclusivity(unchecked) var numbers = RequestNumbers()
    let needsTime: Bool
    lazy var deflate = WebSocketDeflate(level: configuration.compressionLevel)
    weak var server: HTTPServer?
    @exclusivity(unchecked) private var dateTurn: UInt64 = .max

    init(loop: EventLoop, configuration: HTTPServerConfiguration, handler: any HTTPHandler) {
        self.loop = loop
        self.configuration = configuration
        times = HTTPTimes(configuration)
        self.handler = handler
        needsTime = configuration.measuresDurations || configuration.accessLog != nil
        gzip = GzipEncoder(level: configuration.compressionLevel)
    }

    /// Looks at the clock once per turn.
    func refreshDate() {
        guard dateTurn != loop.turn else { return }
        dateTurn = loop.turn
        date.refresh()
    }
}
