internal import Glibc

/// A mail as its reader gets it, in text and in HTML.
package struct MailMessage: Sendable {
    /// Of the mail, the same for each attempt to send it.
    package let id: String
    package let from: MailAddress
    package let to: MailAddress
    package let subject: String
    package let text: String
    package let html: String
    /// Since 1970.
    package let seconds: Int64
    /// Where its reader wants no more of its kind by a POST (https://www.rfc-editor.org/rfc/rfc8058); nil for mails that
    /// everybody gets.
    package let unsubscribing: String?

    package init(
        id: String,
        from: MailAddress,
        to: MailAddress,
        subject: String,
        text: String,
        html: String,
        seconds: Int64,
        unsubscribing: String? = nil
    ) {
        self.id = id
        self.from = from
        self.to = to
        self.subject = HeaderText.line(subject)
        self.text = text
        self.html = html
        self.seconds = seconds
        // An address is ASCII without brackets and spaces, so that it ends no line.
        self.unsubscribing = unsubscribing.flatMap { address in
            address.utf8.allSatisfy { (0x21..<0x7f).contains($0) && $0 != 0x3c && $0 != 0x3e } ? address : nil
        }
    }

    /// By https://www.rfc-editor.org/rfc/rfc5322 and https://www.rfc-editor.org/rfc/rfc2046#section-5.1.4: the head is ASCII in
    /// which all that others wrote is encoded, and so are both bodies, so that no line of theirs means anything.
    package var encoded: [UInt8] {
        let domain = from.address.split(separator: "@").last ?? "localhost"
        // Base64 has no dash, so no body can end a part.
        let boundary = "--part-" + id.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(40)
        var head = [
            "Date: \(date)", "From: \(from.field)", "To: \(to.field)", "Subject: \(HeaderText.encoded(subject))",
            "Message-ID: <\(id)@\(domain)>", "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
            "Content-Type: multipart/alternative; boundary=\"\(boundary)\"",
        ]
        head += unsubscribeFields.map { "\($0.name): \($0.value)" }
        var bytes = Array((head.joined(separator: "\r\n") + "\r\n").utf8)
        for (kind, body) in [("plain", text), ("html", html)] {
            let part = "\r\n--\(boundary)\r\nContent-Type: text/\(kind); charset=utf-8\r\n"
            bytes += Array((part + "Content-Transfer-Encoding: base64\r\n\r\n").utf8)
            bytes += Base64.lines(Array(body.utf8))
        }
        return bytes + Array("\r\n--\(boundary)--\r\n".utf8)
    }

    /// By which programs that read mails offer to end them.
    var unsubscribeFields: [(name: String, value: String)] {
        guard let unsubscribing else { return [] }
        return [
            ("List-Unsubscribe", "<\(unsubscribing)>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    }

    /// `Thu, 15 Jan 2026 10:30:00 +0000`, whatever the locale of the process.
    private var date: String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { ($0 < 10 ? "0" : "") + String($0) }
        let day = "\(days[Int(parts.tm_wday)]), \(parts.tm_mday) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1_900)"
        return day + " " + clock.joined(separator: ":") + " +0000"
    }
}
