internal import COpenSSL

/// TLS on one socket. OpenSSL reads and writes the socket itself and keeps no buffers while idle.
///
/// `@unchecked Sendable`: confined to the loop of its stream.
final class TLSSession: @unchecked Sendable {
    private var session: OpaquePointer?
    /// OpenSSL calls back into what belongs to it.
    private let context: TLSContext
    private var hasFailed = false
    private var isHandshakeNoted = false
    /// OpenSSL has encrypted bytes that the socket did not take; the same bytes must be offered again.
    private(set) var hasUnfinishedWrite = false
    /// A read can go on only when the socket takes output.
    private(set) var readWantsWrite = false
    /// A write can go on only when more input has come, as in the middle of a handshake.
    private(set) var writeWantsRead = false

    init(_ session: OpaquePointer, of context: TLSContext) {
        self.session = session
        self.context = context
    }

    deinit { free() }

    func free() {
        SSL_free(session)
        session = nil
    }

    /// Decrypted or undecrypted bytes that OpenSSL has already taken from the socket.
    var hasPendingInput: Bool { session.map { SSL_has_pending($0) == 1 } ?? false }

    var applicationProtocol: String? {
        guard let session else { return nil }
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(session, &name, &length)
        guard let name, length > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// True once, when the handshake has come to its end.
    func takeHandshakeEnd() -> Bool {
        guard !isHandshakeNoted, let session, SSL_is_init_finished(session) == 1 else { return false }
        isHandshakeNoted = true
        return true
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        guard let session else { return .ended }
        readWantsWrite = false
        ERR_clear_error()
        let result = SSL_read(session, buffer.baseAddress, Int32(clamping: buffer.count))
        if result > 0 { return .moved(Int(result)) }
        let reason = SSL_get_error(session, result)
        if reason == SSL_ERROR_WANT_WRITE { readWantsWrite = true }
        return outcome(reason)
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        guard let session else { return .ended }
        writeWantsRead = false
        ERR_clear_error()
        let result = SSL_write(session, bytes.baseAddress, Int32(clamping: bytes.count))
        if result > 0 {
            hasUnfinishedWrite = false
            return .moved(Int(result))
        }
        let reason = SSL_get_error(session, result)
        let outcome = outcome(reason)
        if case .blocked = outcome {
            hasUnfinishedWrite = true
            writeWantsRead = reason == SSL_ERROR_WANT_READ
        }
        return outcome
    }

    /// Sends the end-of-data alert; the peer's is not waited for.
    func shutDown() {
        guard let session, !hasFailed, SSL_is_init_finished(session) == 1 else { return }
        ERR_clear_error()
        SSL_shutdown(session)
    }

    private func outcome(_ reason: Int32) -> Transfer {
        switch reason {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .blocked
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            hasFailed = true
            // Bytes that end without the alert are a cut connection, not an end, and no failure of TLS either: many clients
            // leave like that.
            let isCut =
                reason == SSL_ERROR_SYSCALL || ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING
            return .failed(isCut ? .reset : .tlsFailure)
        }
    }
}
