/// What a mail tells, in no language.
enum MailStory: Sendable {
    case emailVerification(link: String)
    case accountMade(link: String)
    /// Until when; nil for nobody knows how long.
    case accountSuspended(until: String?)
    /// On which day, and what has become of it.
    case accountDeletion(DeletionTurn, day: String)
    case passwordReset(RestoredAccount?, link: String)
    case emailChange(link: String)
    case emailChanged(link: String)
    case emailReplaced
    case emailChangeUndone
    case passwordChanged(OtherWaysIn, link: String)
    case accountChanged(AccountChange, name: String, link: String)
    case teamInvitation(team: String, inviter: String?, message: String?, link: String)
    case guestLink(conversation: String, inviter: String?, guest: String, days: Int, link: String)
    case notification(title: String, body: String, link: String?, isEssential: Bool)
    case digest(lines: [DigestLine], hasMore: Bool, link: String)

    struct DigestLine: Sendable {
        let title: String
        let body: String
        /// How many events it stands for.
        let count: Int

        var text: String {
            // Some titles say it themselves.
            let times = count > 1 && !title.hasPrefix("\(count) ") ? " (\(count))" : ""
            return "• " + title + times + (body.isEmpty ? "" : "\n" + body)
        }
    }
}

/// What leads into an account beside its password, when that was replaced.
struct OtherWaysIn: Sendable {
    /// Keys of programs that have ended with the old password.
    let revokedKeys: Int
    /// Those that go on.
    let livingKeys: Int
    /// Where accounts are that can be signed in by; empty for none.
    let linked: String
}

/// What has ended when an account got its former address back.
struct RestoredAccount: Sendable {
    let sessions: Int
    /// Of programs.
    let keys: Int
    /// Where accounts were that signed in; empty for none.
    let linked: String
    /// What authenticators were called; empty for none.
    let factors: String

    /// As they wait with the mail.
    var values: [String: String] {
        ["sessions": String(sessions), "keys": String(keys), "linked": linked, "factors": factors]
    }

    init(sessions: Int, keys: Int, linked: String, factors: String) {
        self.sessions = sessions
        self.keys = keys
        self.linked = linked
        self.factors = factors
    }

    init?(_ values: [String: String]) {
        guard let sessions = values["sessions"].flatMap({ Int($0) }) else { return nil }
        self.init(
            sessions: sessions,
            keys: values["keys"].flatMap { Int($0) } ?? 0,
            linked: values["linked"] ?? "",
            factors: values["factors"] ?? ""
        )
    }
}

/// The words of a mail, from which its text and its HTML are made: they never say two things.
struct MailText: Sendable {
    let subject: String
    let greeting: String
    let paragraphs: [String]
    /// What somebody else wrote, shown as theirs.
    var quotation: String?
    /// Leads somewhere.
    var button: (label: String, link: String)?
    let closing: [String]

    var plain: String {
        var parts = [greeting] + paragraphs
        // Whatever it takes for the end of a line, each is marked as theirs.
        if let quotation {
            parts.append(quotation.split(whereSeparator: \.isNewline).map { "> \($0)" }.joined(separator: "\n"))
        }
        // On a line of its own, where programs find it.
        if let button { parts.append("\(button.label):\n\(button.link)") }
        return (parts + closing).joined(separator: "\n\n") + "\n"
    }

    /// Nothing is loaded from elsewhere, and everything is escaped.
    var html: String {
        var parts = ([greeting] + paragraphs).map { "<p>\(Self.escaped($0))</p>" }
        if let quotation {
            parts.append(
                "<blockquote style=\"margin:0;padding-left:12px;border-left:3px solid #d0d5dd\">"
                    + "\(Self.escaped(quotation))</blockquote>"
            )
        }
        if let button {
            parts.append(
                "<p><a href=\"\(Self.escaped(button.link))\" style=\"display:inline-block;padding:10px 18px;"
                    + "border-radius:6px;background:#1f4fd8;color:#fff;text-decoration:none\">"
                    + "\(Self.escaped(button.label))</a></p>"
            )
        }
        parts += closing.map { "<p style=\"color:#667085;font-size:13px\">\(Self.escaped($0))</p>" }
        return "<!doctype html><html><head><meta charset=\"utf-8\"><title>\(Self.escaped(subject))</title></head>"
            + "<body style=\"font:16px/1.5 system-ui,sans-serif;color:#101828;max-width:560px;margin:24px auto\">"
            + parts.joined() + "</body></html>"
    }

    /// Text, and values of attributes in quotes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n": result += "<br>"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
