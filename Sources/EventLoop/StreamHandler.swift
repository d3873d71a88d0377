/// What stands above a stream: a protocol that reads its bytes. All calls come on the stream's loop.
public protocol StreamHandler: AnyObject {
    /// Bytes arrived. The memory is the loop's: it may be changed in place, and is gone after the call.
    func received(_ bytes: UnsafeMutableRawBufferPointer, on stream: StreamConnection)
    /// The peer will send no more; it may still read.
    func inputEnded(on stream: StreamConnection)
    /// The output queue fell below the low-water mark after it had passed the high one.
    func outputDrained(on stream: StreamConnection)
    /// The server is going down: finish what is begun, then close.
    func drain(on stream: StreamConnection)
    /// The time for that is over: the stream is cut behind this call, with what the kernel takes at once of a last word.
    func drainEnded(on stream: StreamConnection)
    /// The stream is gone; the last call.
    func closed(_ reason: StreamCloseReason, on stream: StreamConnection)
}

extension StreamHandler {
    public func drainEnded(on stream: StreamConnection) {}
}

/// Why a stream ended.
public enum StreamCloseReason: Sendable, Equatable {
    /// Both sides were done.
    case finished
    /// The peer reset the connection, or the network did.
    case reset
    /// The peer took no output for too long.
    case sendTimeout
    /// The handler gave up on the peer.
    case aborted
    /// The loop was stopped.
    case shutdown
    /// The TLS handshake or a TLS record was wrong.
    case tlsFailure
}
