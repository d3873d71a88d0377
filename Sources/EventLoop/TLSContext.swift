internal import COpenSSL
internal import Synchronization

/// The certificate and the rules of a TLS 1.2/1.3 server. A reload serves new connections; old ones keep theirs.
public final class TLSContext: Sendable {
    private struct Handle: @unchecked Sendable {
        // OpenSSL counts references to a context atomically; the pointer itself is guarded by the mutex.
        let pointer: OpaquePointer
    }

    private let certificateFile: String
    private let keyFile: String
    private let protocols: SharedProtocols
    private let current: Mutex<Handle>

    /// Reads a PEM chain and its key. `protocols` are offered by ALPN, the preferred one first.
    public init(certificateFile: String, keyFile: String, protocols: [String] = ["http/1.1"]) throws {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.protocols = SharedProtocols(protocols)
        current = Mutex(
            Handle(pointer: try TLSContext.load(certificateFile, keyFile, self.protocols))
        )
    }

    deinit { SSL_CTX_free(current.withLock { $0.pointer }) }

    /// Reads the files again. When they are bad the old certificate stays in use and the error says why.
    public func reload() throws {
        let fresh = Handle(pointer: try TLSContext.load(certificateFile, keyFile, protocols))
        let old = current.withLock { handle in
            defer { handle = fresh }
            return handle
        }
        SSL_CTX_free(old.pointer)
    }

    /// A session on a connected socket; nil when OpenSSL has no memory for it.
    func makeSession(_ descriptor: Int32) -> TLSSession? {
        guard let session = current.withLock({ Handle(pointer: SSL_new($0.pointer)) }).pointer as OpaquePointer? else {
            return nil
        }
        SSL_set_fd(session, descriptor)
        SSL_set_accept_state(session)
        return TLSSession(session, of: self)
    }

    private static func load(_ certificate: String, _ key: String, _ protocols: SharedProtocols) throws -> OpaquePointer
    {
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw TLSError.last("SSL_CTX_new") }
        atrium_ssl_ctx_set_strict_options(context)
        _ = atrium_ssl_ctx_set_min_proto_version(context, TLS1_2_VERSION)
        // Buffers of idle connections are freed, a write may be retried from another address, and may be partial.
        _ = atrium_ssl_ctx_set_mode(
            context,
            Int(SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_ENABLE_PARTIAL_WRITE)
        )
        // Tickets serve resumption; a cache on this side would be memory without a use.
        _ = atrium_ssl_ctx_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
        guard SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 else {
            throw TLSError.last("cipher list", freeing: context)
        }
        // Without one, OpenSSL asks for the passphrase of an encrypted key on the terminal, and waits.
        SSL_CTX_set_default_passwd_cb(context, knowNoPassphrase)
        guard SSL_CTX_use_certificate_chain_file(context, certificate) == 1 else {
            throw TLSError.last("certificate \(certificate)", freeing: context)
        }
        guard SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1, SSL_CTX_check_private_key(context) == 1
        else { throw TLSError.last("key \(key)", freeing: context) }
        SSL_CTX_set_alpn_select_cb(context, selectProtocol, protocols.pointer)
        return context
    }
}

/// The ALPN list in wire form, at an address that OpenSSL's callback can keep.
private final class SharedProtocols: @unchecked Sendable {
    // Written in the initializer only; owned by the TLSContext, which each of its sessions holds.
    let wire: UnsafeMutableBufferPointer<UInt8>

    init(_ names: [String]) {
        let bytes = names.flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8.prefix(255)) }
        wire = .allocate(capacity: bytes.count + 2)
        wire[0] = UInt8(truncatingIfNeeded: bytes.count >> 8)
        wire[1] = UInt8(truncatingIfNeeded: bytes.count)
        for (index, byte) in bytes.enumerated() { wire[index + 2] = byte }
    }

    deinit { wire.deallocate() }

    var pointer: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(wire.baseAddress) }
}

/// The passphrase of an encrypted key: there is none.
private func knowNoPassphrase(
    _: UnsafeMutablePointer<CChar>?,
    _: Int32,
    _: Int32,
    _: UnsafeMutableRawPointer?
) -> Int32 { -1 }

/// Chooses the first of our protocols that the client offers; a client that offers none of them is refused.
private func selectProtocol(
    _: OpaquePointer?,
    _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ chosenLength: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?,
    _ offeredLength: UInt32,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let own = context?.assumingMemoryBound(to: UInt8.self) else { return SSL_TLSEXT_ERR_NOACK }
    let length = UInt32(own[0]) << 8 | UInt32(own[1])
    var selected: UnsafeMutablePointer<UInt8>?
    let result = SSL_select_next_proto(&selected, chosenLength, own + 2, length, offered, offeredLength)
    guard result == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    chosen?.pointee = UnsafePointer(selected)
    return SSL_TLSEXT_ERR_OK
}

/// What OpenSSL complained about.
public struct TLSError: Error, CustomStringConvertible {
    public let description: String

    static func last(_ what: String, freeing context: OpaquePointer? = nil) -> TLSError {
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(ERR_get_error(), &text, text.count)
        ERR_clear_error()
        SSL_CTX_free(context)
        let reason = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return TLSError(description: "\(what): \(reason)")
    }
}
