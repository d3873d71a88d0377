/// Lets a COPY wait for its connection's socket; at most one waits at a time.
final class CopyWait {
    private var continuation: UnsafeContinuation<Void, Never>?

    /// Until the socket is ready or the connection is gone.
    func ready() {
        continuation?.resume()
        continuation = nil
    }

    func end() { ready() }

    func wait() async { await withUnsafeContinuation { continuation = $0 } }
}
