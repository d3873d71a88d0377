package import OutboundHTTP

/// Gives mails to a server of mails.
package struct SMTPSender: MailSender {
    package struct Options: Sendable {
        package var host: String
        package var port: Int
        package var encryption: MailSubmission.Encryption
        package var user: String?
        package var password: String?

        package init(host: String, port: Int, encryption: MailSubmission.Encryption) {
            self.host = host
            self.port = port
            self.encryption = encryption
        }

        /// Where the server is.
        package var url: String { MailSubmission.url(host: host, port: port, encryption) }
    }

    private let client: OutboundClient
    private let options: Options

    package init(_ client: OutboundClient, _ options: Options) {
        self.client = client
        self.options = options
    }

    package var name: String { "smtp" }

    package func send(_ message: MailMessage) async throws -> String? {
        var submission = MailSubmission(
            host: options.host,
            port: options.port,
            encryption: options.encryption,
            from: message.from.address,
            to: message.to.address,
            message: message.encoded
        )
        submission.user = options.user
        submission.password = options.password
        do { try await client.submit(submission) } catch let OutboundFault.mailRefused(code) {
            // 53x are about who we are: https://www.rfc-editor.org/rfc/rfc4954#section-6
            guard code >= 500, !(530...539).contains(code) else { throw MailFault.postponed("the server said \(code)") }
            throw MailFault.rejected("the server said \(code)")
        }
        return nil
    }
}
