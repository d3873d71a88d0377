/// A mail on its way to a server of mails: https://www.rfc-editor.org/rfc/rfc6409
package struct MailSubmission: Sendable {
    package enum Encryption: Sendable, Equatable {
        /// Only for servers on the same machine, and tests.
        case none
        /// Begun in clear, and not gone on with unless the server offers TLS.
        case startTLS
        /// From the first byte on.
        case tls
    }

    package let host: String
    package let port: Int
    package let encryption: Encryption
    package var user: String?
    package var password: String?
    package let sender: String
    package let recipient: String
    /// The message with its head, in lines that end with CR and LF.
    package let message: [UInt8]
    package var deadline = Duration.seconds(30)

    package init(
        host: String,
        port: Int,
        encryption: Encryption,
        from sender: String,
        to recipient: String,
        message: [UInt8]
    ) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.sender = sender
        self.recipient = recipient
        self.message = message
    }

    var url: String { Self.url(host: host, port: port, encryption) }

    /// Where a server of mails is.
    package static func url(host: String, port: Int, _ encryption: Encryption) -> String {
        let name = host.contains(":") ? "[\(host)]" : host
        return (encryption == .tls ? "smtps://" : "smtp://") + "\(name):\(port)"
    }

    /// Nothing of it can end a command of the protocol.
    var isWellFormed: Bool {
        [sender, recipient].allSatisfy { address in
            (3...254).contains(address.utf8.count) && address.contains("@")
                && address.utf8.allSatisfy { (0x21..<0x7f) ~= $0 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
        } && !host.isEmpty && host.utf8.allSatisfy { (0x21..<0x7f) ~= $0 && !"/?#@\\".utf8.contains($0) }
            && [user, password].allSatisfy { $0.map { $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } } ?? true }
    }
}
