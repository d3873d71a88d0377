/// Lets whoever has a connection to himself wait for its socket; at most one waits at a time.
final class SocketWait {
    /// Tells one use of a connection from the next.
    let number: Int
    private var continuation: UnsafeContinuation<Void, Never>?

    init(number: Int) { self.number = number }

    /// The socket is ready, or the connection is gone; false when nobody waits for that.
    @discardableResult
    func ready() -> Bool {
        guard let continuation else { return false }
        self.continuation = nil
        continuation.resume()
        return true
    }

    func wait() async { await withUnsafeContinuation { continuation = $0 } }
}
