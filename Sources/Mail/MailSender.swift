/// What takes mails from here to their readers.
package protocol MailSender: Sendable {
    /// As the table of mails has it.
    var name: String { get }

    /// Returns when the mail is somebody else's to deliver; what it is called there, if they say.
    func send(_ message: MailMessage) async throws -> String?
}

/// Why a mail was not taken.
package enum MailFault: Error, Sendable, Equatable {
    /// This mail will never be taken; it makes no sense to try again.
    case rejected(String)
    /// Not now.
    case postponed(String)
}
