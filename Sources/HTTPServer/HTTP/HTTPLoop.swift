import EventLoop

/// What the connections of one loop share.
///
/// `@unchecked Sendable`: confined to its loop.
final class HTTPLoop: @unchecked Sendable {
    let loop: EventLoop
    let configuration: HTTPServerConfiguration
    let handler: any HTTPHandler
    let pool = HTTPRequestPool()
    let gzip: GzipEncoder
    var date = DateField()
    var metrics = HTTPServerMetrics()
    var numbers = RequestNumbers()
    let needsTime: Bool
    lazy var deflate = WebSocketDeflate(level: configuration.compressionLevel)
    weak var server: HTTPServer?
    private var dateTurn: UInt64 = .max

    init(loop: EventLoop, configuration: HTTPServerConfiguration, handler: any HTTPHandler) {
        self.loop = loop
        self.configuration = configuration
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
