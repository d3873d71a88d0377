/// A request body that is read while it arrives; for one reader on the connection's loop.
///
/// When the reader is slower than the client, reading pauses and the client has to wait.
/// `@unchecked Sendable`: confined to its loop.
public final class HTTPBodyStream: @unchecked Sendable {
    /// Why the body broke off.
    public enum Failure: Error, Equatable {
        case clientClosed
        /// It broke a rule, such as the limit on its size.
        case refused(HTTPViolation)
    }

    /// Where the body is.
    private enum State {
        /// More may come. → `ended` or `failed`.
        case open
        /// All of it is here. Final.
        case ended
        /// Final.
        case failed(Failure)
    }

    private weak var connection: HTTPConnection?
    private var state = State.open
    private var waiting: [UInt8] = []
    private var reader: CheckedContinuation<[UInt8]?, any Error>?
    private var owesContinue: Bool
    private var isPaused = false

    init(connection: HTTPConnection, expectsContinue: Bool) {
        self.connection = connection
        owesContinue = expectsContinue
    }

    /// The bytes that have come since the last call, waiting for some if there are none; nil at the end.
    public func next() async throws -> [UInt8]? {
        if owesContinue {
            owesContinue = false
            connection?.sendContinue()
        }
        if !waiting.isEmpty { return takeWaiting() }
        switch state {
        case .ended: return nil
        case .failed(let failure): throw failure
        case .open:
            precondition(reader == nil, "a body stream has one reader")
            return try await withCheckedThrowingContinuation { reader = $0 }
        }
    }

    private func takeWaiting() -> [UInt8] {
        defer { waiting = [] }
        if isPaused {
            isPaused = false
            connection?.resumeBody()
        }
        return waiting
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
        guard case .open = state else { return }
        if let reader = reader.take() { return reader.resume(returning: [UInt8](bytes)) }
        waiting += bytes
        guard let connection, !isPaused else { return }
        if waiting.count >= connection.shared.configuration.bodyStreamBuffer {
            isPaused = true
            connection.pauseBody()
        }
    }

    func end() {
        guard case .open = state else { return }
        state = .ended
        reader.take()?.resume(returning: nil)
    }

    func fail(_ failure: Failure) {
        guard case .open = state else { return }
        state = .failed(failure)
        reader.take()?.resume(throwing: failure)
    }
}
