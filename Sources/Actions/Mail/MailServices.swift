package import Mail

/// What the sending of mails works with.
package struct MailServices: Sendable {
    /// Nil where no mails are sent.
    package let sender: (any MailSender)?
    package let from: MailAddress
    /// Where the pages are that links lead to, without a slash at its end.
    package let pages: String
    /// How long is remembered whom a mail went to.
    package let keptDays: Int
    /// Nil where mails say no such address.
    package let unsubscribing: UnsubscribeLinks?

    package init(
        sender: (any MailSender)?,
        from: MailAddress,
        pages: String,
        keptDays: Int = 90,
        unsubscribing: UnsubscribeLinks? = nil
    ) {
        self.unsubscribing = unsubscribing
        self.keptDays = keptDays
        self.sender = sender
        self.from = from
        self.pages = pages
    }
}
