internal import CLibPQ
internal import EventLoop
internal import Synchronization

/// Asks the server, over a connection of its own, to stop what another one runs.
///
/// libpq sends it with blocking calls, so threads of its own do. A server that is out of reach keeps one for minutes, so each
/// has its own. `@unchecked Sendable`: libpq's cancel object is made for use from other threads and does not change.
final class CancelRequest: @unchecked Sendable {
    private let request: OpaquePointer
    /// Which threads send it.
    let server: String

    /// As many as there are servers in the settings.
    private static let pools = Mutex<[String: BlockingPool]>([:])

    init?(_ connection: OpaquePointer) {
        guard let request = PQgetCancel(connection) else { return nil }
        self.request = request
        server = [PQhost(connection), PQport(connection)].map { $0.map { String(cString: $0) } ?? "" }
            .joined(separator: " ")
    }

    deinit { PQfreeCancel(request) }

    static func threads(for server: String) -> BlockingPool? {
        pools.withLock { pools in
            if let known = pools[server] { return known }
            pools[server] = try? BlockingPool(threads: 4, queueLimit: 1_024)
            return pools[server]
        }
    }

    /// Comes back when the server has taken the request, or could not be reached. One whose turn does not come in time is not
    /// sent; without a limit it waits for its turn. Whether it was tried.
    @discardableResult
    func send(within limit: Duration = .nanoseconds(Int64.max)) async -> Bool {
        let (end, overflow) = EventLoop.monotonicTime().addingReportingOverflow(limit.nanoseconds)
        let isTried = try? await CancelRequest.threads(for: server)?.run { [self] () -> Bool in
            guard overflow || EventLoop.monotonicTime() < end else { return false }
            var reason = [CChar](repeating: 0, count: 256)
            PQcancel(request, &reason, Int32(reason.count))
            return true
        }
        return isTried ?? false
    }
}
