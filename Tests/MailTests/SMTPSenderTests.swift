import EventLoop
import Foundation
import Mail
import OutboundHTTP
import PythonTesting
import SocketTesting
import Testing

/// Against a real server of mails, aiosmtpd.
@Suite(.timeLimit(.minutes(3))) struct SMTPSenderTests {
    private func port(_ server: PythonProgram) throws -> Int { try #require(server.line().flatMap { Int($0) }) }

    private func send(
        _ message: MailMessage,
        _ options: SMTPSender.Options,
        authorities: String? = nil
    ) async throws {
        try await withClient({ $0.authorities = authorities }) { client in
            _ = try await SMTPSender(client, options).send(message)
        }
    }

    @Test func `a mail arrives as it was written, in both forms`() async throws {
        let server = try PythonProgram("MailTests/smtp_server.py", [])
        let options = SMTPSender.Options(host: "127.0.0.1", port: try port(server), encryption: .none)
        let text = "Grüße, 世界\n\n.\n.a line with a dot\nFrom here\n" + String(repeating: "long ", count: 400) + "\n"
        try await send(message(subject: "Prüfung – ✓ " + String(repeating: "ä", count: 60), text: text), options)
        let mail = try #require(server.object())
        #expect(mail["from"] as? String == "atrium@example.org")
        #expect(mail["to"] as? [String] == ["ida@example.org"])
        #expect(mail["text"] as? String == text)
        #expect(mail["html"] as? String == "<p>Grüße</p>")
        #expect(mail["defects"] as? [String] == [])
        let fields = try #require(mail["fields"] as? [String: String])
        #expect(fields["Subject"] == "Prüfung – ✓ " + String(repeating: "ä", count: 60))
        #expect(fields["From"] == "Atrium – Prüfung <atrium@example.org>")
        #expect(fields["Message-ID"] == "<0198-a@example.org>")
        #expect(fields["Date"] == "Thu, 15 Jan 2026 10:30:00 +0000")
    }

    @Test func `what somebody wrote ends no field and adds no recipient`() async throws {
        let server = try PythonProgram("MailTests/smtp_server.py", [])
        let options = SMTPSender.Options(host: "127.0.0.1", port: try port(server), encryption: .none)
        let attack = "Hello\r\nBcc: all@example.org\r\n\r\nBuy\u{2028}this\0"
        try await send(message(subject: attack, text: "a\r\n.\r\nMAIL FROM:<b@c>\r\n"), options)
        let mail = try #require(server.object())
        #expect(mail["to"] as? [String] == ["ida@example.org"])
        let fields = try #require(mail["fields"] as? [String: String])
        #expect(fields["Bcc"] == nil)
        #expect(fields["Subject"] == "Hello Bcc: all@example.org Buy this")
        #expect(mail["text"] as? String == "a\r\n.\r\nMAIL FROM:<b@c>\r\n")
    }

    @Test func `refusals for good and for a while are told apart`() async throws {
        let server = try PythonProgram("MailTests/smtp_server.py", [])
        let options = SMTPSender.Options(host: "127.0.0.1", port: try port(server), encryption: .none)
        await #expect(throws: MailFault.rejected("the server said 550")) {
            try await send(message(to: "refused@example.org"), options)
        }
        await #expect(throws: MailFault.postponed("the server said 451")) {
            try await send(message(to: "later@example.org"), options)
        }
    }

    @Test func `it signs in over TLS, and never without`() async throws {
        let certificate = try TestCertificate(commonName: "localhost")
        let tls = ["--tls", certificate.certificateFile, certificate.keyFile, "--login", "atrium", "secret"]
        let server = try PythonProgram("MailTests/smtp_server.py", tls)
        var options = SMTPSender.Options(host: "localhost", port: try port(server), encryption: .startTLS)
        (options.user, options.password) = ("atrium", "secret")
        try await send(message(), options, authorities: certificate.certificateFile)
        #expect(try #require(server.object())["tls"] as? Bool == true)
        await #expect(throws: OutboundFault.untrusted) { try await send(message(), options) }
        options.password = "wrong"
        await #expect(throws: MailFault.postponed("the server said 535")) {
            try await send(message(), options, authorities: certificate.certificateFile)
        }
        let plain = try PythonProgram("MailTests/smtp_server.py", [])
        options = SMTPSender.Options(host: "localhost", port: try port(plain), encryption: .startTLS)
        await #expect(throws: OutboundFault.untrusted) { try await send(message(), options) }
    }

    @Test func `without a server the fault is of the network`() async throws {
        let options = SMTPSender.Options(host: "127.0.0.1", port: 1, encryption: .none)
        await #expect(throws: OutboundFault.unreachable) { try await send(message(), options) }
    }
}
