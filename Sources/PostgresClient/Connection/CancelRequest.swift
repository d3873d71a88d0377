internal import CLibPQ
internal import EventLoop

/// Asks the server, over a connection of its own, to stop what another one runs.
///
/// libpq sends it with blocking calls, so threads of its own do: several, as a server that is out of reach keeps one for
/// minutes, and those that are within reach are not to wait for it. `@unchecked Sendable`: libpq's cancel object is made
/// for use from other threads and does not change.
final class CancelRequest: @unchecked Sendable {
    private let request: OpaquePointer

    static let threads = try? BlockingPool(threads: 4, queueLimit: 1_024)

    init?(_ connection: OpaquePointer) {
        guard let request = PQgetCancel(connection) else { return nil }
        self.request = request
    }

    deinit { PQfreeCancel(request) }

    /// Comes back when the server has taken the request. One that cannot be sent is given up: the statement's
    /// connection is, when the grace is over.
    func send() async {
        try? await CancelRequest.threads?.run { [self] in
            var reason = [CChar](repeating: 0, count: 256)
            PQcancel(request, &reason, Int32(reason.count))
        }
    }
}
