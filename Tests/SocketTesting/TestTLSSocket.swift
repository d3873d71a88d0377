internal import COpenSSL
import Glibc

/// A blocking TLS client over a `TestSocket`; it believes any certificate.
public final class TestTLSSocket {
    private let socket: TestSocket
    private let context: OpaquePointer?
    private let session: OpaquePointer?

    /// Shakes hands. `newest` and `oldest` bound the version, such as 0x0303 for TLS 1.2.
    public init(
        port: UInt16,
        oldest: Int = 0x0303,
        newest: Int = 0x0304,
        protocols: [String] = [],
        receiveBuffer: Int32? = nil
    ) throws {
        socket = try TestSocket(port: port, receiveBuffer: receiveBuffer)
        context = SSL_CTX_new(TLS_client_method())
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, oldest, nil)
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, newest, nil)
        // Versions before 1.2 need the lowest level of security even to be asked for.
        SSL_CTX_set_security_level(context, 0)
        session = SSL_new(context)
        let list = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !list.isEmpty { SSL_set_alpn_protos(session, list, UInt32(list.count)) }
        SSL_set_fd(session, socket.descriptor)
        guard SSL_connect(session) == 1 else { throw SocketFailure(call: "SSL_connect", code: 0) }
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    public var version: String { String(cString: SSL_get_version(session)) }

    /// The common name of the server's certificate.
    public var commonName: String {
        guard let certificate = SSL_get1_peer_certificate(session) else { return "" }
        defer { X509_free(certificate) }
        var text = [CChar](repeating: 0, count: 100)
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, &text, 100)
        return text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    public var applicationProtocol: String {
        var (name, length) = (nil as UnsafePointer<UInt8>?, 0 as UInt32)
        SSL_get0_alpn_selected(session, &name, &length)
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    public func send(_ bytes: [UInt8]) throws {
        guard SSL_write(session, bytes, Int32(bytes.count)) == bytes.count else {
            throw SocketFailure(call: "SSL_write", code: errno)
        }
    }

    /// Exactly `count` bytes; fewer only when the peer ends in order.
    public func receive(exactly count: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while all.count < count {
            let result = SSL_read(session, &buffer, Int32(min(buffer.count, count - all.count)))
            if result <= 0 {
                guard SSL_get_error(session, result) == SSL_ERROR_ZERO_RETURN else {
                    throw SocketFailure(call: "SSL_read", code: errno)
                }
                return all
            }
            all += buffer[..<Int(result)]
        }
        return all
    }

    /// Ends the connection without the alert that says so.
    public func leave() { socket.endOutput() }

    /// Says that no more will come.
    public func endOutput() { SSL_shutdown(session) }
}
