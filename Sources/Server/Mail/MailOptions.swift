import Actions
import EventLoop
import Mail
import OutboundHTTP

/// How mails are sent, and what links of theirs lead to.
struct MailOptions {
    enum Way {
        case off
        case file(folder: String)
        case smtp(SMTPSender.Options)
        case sendGrid(key: String, base: String)
    }

    var way = Way.file(folder: ".atrium/mails")
    var from = MailAddress(text: "Atrium <atrium@localhost>")
    /// Where the pages are that people see; nil for where this server is reached.
    var pages: String?
    /// How long is remembered whom a mail went to.
    var keptDays = 90

    init() {}

    init(_ settings: inout Settings, isServing: Bool) {
        enum Kind { case off, file, smtp, sendGrid }
        let names: [(String, Kind)] = [("off", .off), ("file", .file), ("smtp", .smtp), ("sendgrid", .sendGrid)]
        let kind = settings.choice("ATRIUM_MAIL", names, isServing ? .off : .file)
        from = MailAddress(
            text: settings.text("MAIL_FROM") ?? settings.text("SENDGRID_FROM_EMAIL") ?? "Atrium <atrium@localhost>"
        )
        if from == nil { settings.add(problem: "MAIL_FROM must be an address, such as Atrium <atrium@example.org>") }
        pages = settings.address("ATRIUM_APP_URL")
        keptDays = settings.number("ATRIUM_MAIL_DAYS", 1...3_650, keptDays)
        if kind == .smtp || kind == .sendGrid, from?.address.hasSuffix("@localhost") != false {
            settings.add(problem: "MAIL_FROM must be set where mails are sent")
        }
        switch kind {
        case .off: way = .off
        case .file:
            if isServing { settings.add(problem: "ATRIUM_MAIL must not be file where people rely on mails") }
            way = .file(folder: settings.text("ATRIUM_MAIL_FOLDER") ?? ".atrium/mails")
        case .smtp: readSMTP(&settings, isServing)
        case .sendGrid:
            let key = settings.text("SENDGRID_API_KEY")
            if key == nil { settings.add(problem: "SENDGRID_API_KEY must be set for ATRIUM_MAIL=sendgrid") }
            way = .sendGrid(key: key ?? "", base: settings.address("SENDGRID_URL") ?? "https://api.sendgrid.com")
        }
    }

    private mutating func readSMTP(_ settings: inout Settings, _ isServing: Bool) {
        let kinds: [(String, MailSubmission.Encryption)] = [("starttls", .startTLS), ("tls", .tls), ("none", .none)]
        let encryption = settings.choice("SMTP_ENCRYPTION", kinds, .startTLS)
        let port = settings.number("SMTP_PORT", 1...65_535, encryption == .tls ? 465 : 587)
        let host = settings.text("SMTP_HOST")
        if host == nil { settings.add(problem: "SMTP_HOST must be set for ATRIUM_MAIL=smtp") }
        var options = SMTPSender.Options(host: host ?? "", port: port, encryption: encryption)
        options.user = settings.text("SMTP_USER")
        options.password = settings.text("SMTP_PASSWORD")
        if (options.user == nil) != (options.password == nil) {
            settings.add(problem: "SMTP_USER and SMTP_PASSWORD go together: set both or none")
        }
        if isServing, encryption == .none, options.user != nil {
            settings.add(problem: "SMTP_ENCRYPTION must not be none where a password is sent")
        }
        way = .smtp(options)
    }
}

extension Settings {
    /// An address of the web without a slash at its end; nil where nothing is said.
    mutating func address(_ name: String) -> String? {
        guard var text = text(name) else { return nil }
        while text.hasSuffix("/") { text.removeLast() }
        guard text.wholeMatch(of: /https?:\/\/[^\s\/?#@"'<>\\]+(\/[^\s?#"'<>\\]*)?/) != nil else {
            // Before an @ there may be a password.
            let shown = text.contains("@") ? "nothing with @" : "not \"\(text)\""
            add(problem: "\(name) must be an address such as https://app.example, \(shown)")
            return nil
        }
        return text
    }
}

extension MailServices {
    /// The services as the configuration wants them, and the folder that mails go to, if they do.
    static func make(
        _ configuration: Configuration,
        _ client: OutboundClient,
        _ unsubscribing: UnsubscribeLinks
    ) throws -> (services: MailServices, folder: MailFolder?) {
        guard let from = configuration.mail.from else { throw UsageError(text: "MAIL_FROM is no address") }
        var folder: MailFolder?
        let sender: (any MailSender)?
        switch configuration.mail.way {
        case .off: sender = nil
        case .file(let path):
            folder = try MailFolder(path, pool: BlockingPool(threads: 1, queueLimit: 1_024))
            sender = folder
        case .smtp(let options): sender = SMTPSender(client, options)
        case .sendGrid(let key, let base): sender = SendGridSender(client, key: key, base: base)
        }
        // `files.publicURL` is where this server is reached.
        let pages = configuration.mail.pages ?? configuration.files.publicURL
        let services = MailServices(
            sender: sender,
            from: from,
            pages: pages,
            keptDays: configuration.mail.keptDays,
            unsubscribing: unsubscribing
        )
        return (services, folder)
    }
}
