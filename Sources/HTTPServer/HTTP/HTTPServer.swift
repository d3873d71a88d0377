public import EventLoop

/// HTTP/1.1 on the loops of a group.
public final class HTTPServer: Sendable {
    public let group: EventLoopGroup
    private let states: [HTTPLoop]

    public init(
        group: EventLoopGroup,
        configuration: HTTPServerConfiguration = HTTPServerConfiguration(),
        handler: any HTTPHandler
    ) {
        self.group = group
        states = group.loops.map { HTTPLoop(loop: $0, configuration: configuration, handler: handler) }
        for state in states { state.server = self }
    }

    /// Listens on the address; with a context, for TLS. Returns the address with its real port.
    @discardableResult
    public func listen(on address: SocketAddress, tls: TLSContext? = nil) throws -> SocketAddress {
        try group.listen(on: address, tls: tls) { [states] stream in
            HTTPConnection(stream: stream, shared: states[stream.loop.index])
        }
    }

    /// Serves until SIGTERM or SIGINT, then stops accepting and lets requests finish for so long; what is left is cut. A second
    /// signal ends the process at once.
    public func runUntilStopped(drain grace: Duration = .seconds(10)) async throws {
        try await StopSignals().wait { [group] in await group.drain(within: grace) }
    }

    /// The counters of all loops together.
    public func metrics() async -> HTTPServerMetrics {
        var total = HTTPServerMetrics()
        for state in states {
            if let one = try? await state.loop.run({ state.metrics }) { total += one }
        }
        return total
    }
}
