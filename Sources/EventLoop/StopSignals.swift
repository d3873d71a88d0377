import Glibc

/// What a program does that serves: it waits until it is told to stop, and then finishes what it has begun.
public struct StopSignals: Sendable {
    private let requests: AsyncStream<ProcessSignals.Request>
    private let source: AsyncStream<ProcessSignals.Request>.Continuation
    private let signals: ProcessSignals

    /// Listens from now on to SIGTERM and SIGINT, and with `reloads` to SIGHUP.
    public init(reloads: Bool = false) throws {
        let (requests, source) = AsyncStream.makeStream(of: ProcessSignals.Request.self)
        self.requests = requests
        self.source = source
        signals = try ProcessSignals(reloads: reloads) { source.yield($0) }
    }

    /// Returns when the program was told to stop and `drain` is done. A second signal ends the process at once, with status 1.
    public func wait(reload: () -> Void = {}, drain: @escaping @Sendable () async -> Void) async {
        await withTaskGroup(of: Void.self) { tasks in
            for await request in requests {
                switch request {
                case .reload: reload()
                case .drain:
                    tasks.addTask { [source] in
                        await drain()
                        source.finish()
                    }
                case .stopNow: exit(1)
                }
            }
        }
        signals.cancel()
    }
}
