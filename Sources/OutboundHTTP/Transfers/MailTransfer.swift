internal import CCurl
import EventLoop

/// Makes the transfer of a mail.
enum MailTransfer {
    static func make(_ mail: MailSubmission, _ options: OutboundOptions) throws(OutboundFault) -> Transfer {
        let handle = try CurlHandle()
        let recipients = CurlList(["<\(mail.recipient)>"])
        handle.set(CURLOPT_URL, mail.url)
        handle.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        switch mail.encryption {
        case .none: handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_NONE.rawValue))
        case .startTLS, .tls: handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        }
        if let user = mail.user { handle.set(CURLOPT_USERNAME, user) }
        if let password = mail.password { handle.set(CURLOPT_PASSWORD, password) }
        handle.set(CURLOPT_MAIL_FROM, "<\(mail.sender)>")
        handle.set(CURLOPT_MAIL_RCPT, recipients)
        handle.set(CURLOPT_UPLOAD, 1)
        handle.set(CURLOPT_INFILESIZE_LARGE, offset: mail.message.count)
        handle.set(CURLOPT_CONNECTTIMEOUT_MS, Int(options.connectTimeout.nanoseconds / 1_000_000))
        if let authorities = options.authorities { handle.set(CURLOPT_CAINFO, authorities) }
        return Transfer(
            handle,
            deadline: mail.deadline,
            // Which server takes the mails is configured, and often in the same network.
            reach: .anywhere,
            maximumBytes: 64 << 10,
            lists: [recipients],
            source: MailBytes(mail.message),
            isMail: true
        )
    }
}

private struct MailBytes: OutboundBodySource {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        let piece = bytes[offset..<min(bytes.count, offset + buffer.count)]
        buffer.copyBytes(from: piece)
        return piece.count
    }
}
