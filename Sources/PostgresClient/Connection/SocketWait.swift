/// Lets whoever has a connection to himself wait for its socket; at most one waits at a time.
final class SocketWait {
    private var continuation: UnsafeContinuation<Void, Never>?

    /// The socket is ready, or the connection is gone.
    func ready() {
        continuation?.resume()
        continuation = nil
    }

    func wait() async { await withUnsafeContinuation { continuation = $0 } }
}
