internal import COpenSSL
import EventLoop

/// What a server agrees to when a client asks for a WebSocket.
public struct WebSocketOptions: Sendable {
    public var configuration = WebSocketConfiguration()
    /// The subprotocols spoken, the preferred one first. A client that offers none of them gets a socket without one.
    public var subprotocols: [String] = []
    /// Whether a page of this origin may connect. The default lets in clients without an origin, which are no browsers,
    /// and pages of the host itself.
    public var allowsOrigin: @Sendable (_ origin: String?, _ request: HTTPRequest) -> Bool = { origin, request in
        guard let origin else { return true }
        guard let host = request.authority?.string.lowercased() else { return false }
        let scheme = request.isEncrypted ? "https://" : "http://"
        return origin.lowercased() == scheme + host
    }

    public init() {}
}

extension WebSocket {
    /// Answers a request for a WebSocket: with 101 and a socket for the handler, or with the reason why not.
    @discardableResult
    public static func accept(
        _ request: HTTPRequest,
        _ responder: HTTPResponder,
        _ options: WebSocketOptions = WebSocketOptions(),
        makeHandler: (WebSocket) -> any WebSocketHandler
    ) -> Bool {
        switch WebSocketHandshake.read(request, options) {
        case .refused(let status, let fields):
            responder.shared.metrics.webSockets.handshakesRefused &+= 1
            responder.respond(status, fields)
            return false
        case .accepted(let agreement):
            let shared = responder.shared
            return responder.upgrade(agreement.fields) { stream in
                let socket = WebSocket(
                    stream: stream,
                    shared: shared,
                    configuration: options.configuration,
                    subprotocol: agreement.subprotocol,
                    windowBits: agreement.windowBits
                )
                socket.begin(makeHandler(socket))
                return socket
            }
        }
    }
}

/// The opening handshake of RFC 6455 section 4.2, without a socket.
enum WebSocketHandshake {
    struct Agreement {
        var fields = HTTPFields()
        var subprotocol: String?
        var windowBits = 0
    }

    enum Outcome {
        case accepted(Agreement)
        case refused(HTTPStatus, HTTPFields)
    }

    static func read(_ request: HTTPRequest, _ options: WebSocketOptions) -> Outcome {
        guard request.method == .get else { return .refused(.methodNotAllowed, HTTPFields(["allow": "GET"])) }
        guard request.minorVersion == 1, request.has("upgrade", member: "websocket"),
            request.has("connection", member: "upgrade")
        else { return .refused(.upgradeRequired, HTTPFields(["upgrade": "websocket"])) }
        guard request.values("sec-websocket-version").map(\.string) == ["13"] else {
            return .refused(.upgradeRequired, HTTPFields(["upgrade": "websocket", "Sec-WebSocket-Version": "13"]))
        }
        let keys = request.values("sec-websocket-key")
        guard keys.count == 1, isKey(keys[0].string), request.framing == .none else {
            return .refused(.badRequest, .none)
        }
        guard options.allowsOrigin(request["origin"]?.string, request) else { return .refused(.forbidden, .none) }
        var agreement = Agreement()
        let offered = request.values("sec-websocket-protocol").flatMap { list in
            list.string.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" }).map(String.init)
        }
        agreement.subprotocol = options.subprotocols.first { offered.contains($0) }
        do {
            try agreement.fields.append("Upgrade", "websocket")
            // In the letters of RFC 6455: clients look for just these, although case does not matter.
            try agreement.fields.append("Sec-WebSocket-Accept", acceptKey(keys[0].string))
            if let subprotocol = agreement.subprotocol {
                try agreement.fields.append("Sec-WebSocket-Protocol", subprotocol)
            }
            if options.configuration.allowsDeflate,
                let deflate = WebSocketExtensions.negotiate(request.values("sec-websocket-extensions").map(\.string))
            {
                agreement.windowBits = deflate.windowBits
                try agreement.fields.append("Sec-WebSocket-Extensions", deflate.answer)
            }
        } catch {
            return .refused(.badRequest, .none)
        }
        return .accepted(agreement)
    }

    /// Base64 of 16 bytes: 22 characters of the alphabet and two signs of padding.
    static func isKey(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        return bytes.count == 24 && bytes.suffix(2).elementsEqual("==".utf8)
            && bytes.prefix(22).allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2b, 0x2f: true
                default: false
                }
            }
    }

    /// Base64 of the SHA-1 of the key and the protocol's GUID.
    static func acceptKey(_ key: String) -> String {
        let source = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        EVP_Digest(source, source.count, &digest, nil, EVP_sha1(), nil)
        var text = [UInt8](repeating: 0, count: 29)
        EVP_EncodeBlock(&text, digest, 20)
        return String(decoding: text.prefix(28), as: UTF8.self)
    }
}
