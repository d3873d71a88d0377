extension MailText {
    static func german(_ story: MailStory, to name: String?) -> MailText {
        let greeting = name.map { "Guten Tag \($0)," } ?? "Guten Tag,"
        let unasked = "Falls das nicht von Ihnen kommt, tun Sie nichts: es geschieht nichts."
        switch story {
        case .emailVerification(let link):
            return MailText(
                subject: "Bestätigen Sie Ihre Adresse",
                greeting: greeting,
                paragraphs: ["Bitte bestätigen Sie, dass diese Adresse Ihnen gehört."],
                button: ("Adresse bestätigen", link),
                closing: ["Der Link gilt einen Tag. " + unasked]
            )
        case .accountMade(let link):
            return MailText(
                subject: "Ihr neues Konto",
                greeting: greeting,
                paragraphs: ["Für Sie wurde ein Konto angelegt. Wählen Sie ein Passwort, um zu beginnen."],
                button: ("Passwort wählen", link),
                closing: ["Der Link gilt sieben Tage und nur einmal. Wenn Sie kein Konto möchten, tun Sie nichts."]
            )
        case .accountSuspended(let end):
            return MailText(
                subject: "Ihr Konto wurde gesperrt",
                greeting: greeting,
                paragraphs: [
                    "Ihr Konto ist gesperrt" + (end.map { ", bis \($0)" } ?? "") + "; alle Geräte wurden abgemeldet."
                ],
                closing: ["Wenn Sie das für einen Irrtum halten, wenden Sie sich an den Betreiber."]
            )
        case .accountDeletion(let turn, let day):
            let (subject, sentences) = german(turn, day)
            return MailText(subject: subject, greeting: greeting, paragraphs: sentences, closing: [])
        case .passwordReset(let restored?, let link):
            return MailText(
                subject: "Wählen Sie ein neues Passwort",
                greeting: greeting,
                paragraphs: [
                    "Ihr Konto hat diese Adresse wieder. Sein Passwort gilt nicht mehr: wählen Sie ein neues. "
                        + "Was jemand anders angelegt haben kann, um hineinzukommen, ist beendet."
                ] + german(restored),
                button: ("Neues Passwort wählen", link),
                closing: [
                    "Der Link gilt eine Stunde und nur einmal. Einen neuen bekommen Sie dort, wo Sie sich anmelden."
                ]
            )
        case .passwordReset(nil, let link):
            return MailText(
                subject: "Wählen Sie ein neues Passwort",
                greeting: greeting,
                paragraphs: ["Jemand, hoffentlich Sie, möchte ein neues Passwort für Ihr Konto."],
                button: ("Neues Passwort wählen", link),
                closing: ["Der Link gilt eine Stunde und nur einmal. " + unasked]
            )
        case .passwordChanged(let ways, let link):
            return MailText(
                subject: "Ihr Passwort wurde geändert",
                greeting: greeting,
                paragraphs: ["Ihr Konto hat ein neues Passwort, und alle anderen Geräte wurden abgemeldet."]
                    + german(ways),
                button: ("Das war ich nicht", link),
                closing: ["Wenn Sie das waren, ist nichts zu tun."]
            )
        case .emailChange(let link):
            return MailText(
                subject: "Bestätigen Sie Ihre neue Adresse",
                greeting: greeting,
                paragraphs: [
                    "Bitte bestätigen Sie, dass diese Adresse Ihnen gehört. Ab dann ist sie die Ihres Kontos."
                ],
                button: ("Diese Adresse verwenden", link),
                closing: ["Der Link gilt einen Tag. " + unasked]
            )
        case .emailChanged(let link):
            return MailText(
                subject: "Ihre Adresse wurde geändert",
                greeting: greeting,
                paragraphs: ["Ihr Konto hat jetzt eine andere Adresse; dorthin gehen die Mails."],
                button: ("Das war ich nicht", link),
                closing: [
                    "Wenn Sie das waren, ist nichts zu tun. Wenn nicht, gibt der Link Ihrem Konto diese Adresse zurück, "
                        + "beendet alle Sitzungen und was zuletzt zum Anmelden dazukam, und lässt Sie ein neues Passwort "
                        + "wählen. Er gilt drei Tage."
                ]
            )
        case .emailReplaced:
            return MailText(
                subject: "Ihr Konto hat eine andere Adresse",
                greeting: greeting,
                paragraphs: [
                    "Der Betreiber hat Ihrem Konto eine andere Adresse gegeben; dorthin gehen die Mails."
                ],
                closing: ["Wenn Sie das für einen Irrtum halten, wenden Sie sich an den Betreiber."]
            )
        case .emailChangeUndone:
            return MailText(
                subject: "Die Änderung Ihrer Adresse wurde rückgängig gemacht",
                greeting: greeting,
                paragraphs: [
                    "Ihr Konto hat wieder die Adresse, die es vor dieser hatte. Mails gehen dorthin, und alle Geräte wurden "
                        + "abgemeldet."
                ],
                closing: [
                    "Wenn Sie das waren, ist nichts zu tun. Wenn nicht, liest jemand anders die Mails jener Adresse: suchen Sie "
                        + "die Mail über die Änderung an einer Adresse, die das Konto früher hatte. Ihr Link gilt drei Tage."
                ]
            )
        case .accountChanged(let change, let name, let link):
            let (subject, sentence) = german(change, name)
            return MailText(
                subject: subject,
                greeting: greeting,
                paragraphs: [sentence],
                button: ("Das war ich nicht", link),
                closing: [
                    "Wenn Sie das waren, ist nichts zu tun. Sonst wählen Sie ein neues Passwort; es beendet alle Sitzungen."
                ]
            )
        case .teamInvitation(let team, let inviter, let message, let link):
            return MailText(
                subject: "Einladung: \(team)",
                greeting: greeting,
                paragraphs: ["\(inviter ?? "Jemand") lädt Sie in das Team „\(team)“ ein."],
                quotation: message,
                button: ("Zur Einladung", link),
                closing: ["Die Einladung gilt sieben Tage. Wenn Sie dort niemanden kennen, tun Sie nichts."]
            )
        case .guestLink(let conversation, let inviter, let guest, let days, let link):
            return MailText(
                subject: conversation.isEmpty ? "Einladung zu einem Gespräch" : conversation,
                greeting: "Guten Tag \(guest),",
                paragraphs: ["\(inviter ?? "Jemand") lädt Sie zu einem Gespräch ein. Sie brauchen kein Konto."],
                button: ("Zum Gespräch", link),
                closing: [
                    "Der Link ist nur für Sie und gilt \(days) \(days == 1 ? "Tag" : "Tage"). Wenn Sie dort niemanden kennen, tun Sie nichts."
                ]
            )
        case .notification(let title, let body, let link, let isEssential):
            return MailText(
                subject: title,
                greeting: greeting,
                paragraphs: [title] + (body.isEmpty ? [] : [body]),
                button: link.map { ("Öffnen", $0) },
                closing: [
                    isEssential
                        ? "Sie bekommen diese Mail, weil es um die Sicherheit Ihres Kontos geht."
                        : "Welche Mails Sie bekommen, bestimmen Sie in Ihren Einstellungen."
                ]
            )
        case .digest(let lines, let hasMore, let link):
            return MailText(
                subject: "Ungelesen: \(lines.count) \(lines.count == 1 ? "Mitteilung" : "Mitteilungen")",
                greeting: greeting,
                paragraphs: ["Seit dem letzten Mal:"] + lines.map(\.text) + (hasMore ? ["Es gibt noch mehr."] : []),
                button: ("Alles ansehen", link),
                closing: ["Welche Mails Sie bekommen, bestimmen Sie in Ihren Einstellungen."]
            )
        }
    }

    private static func german(_ ended: RestoredAccount) -> [String] {
        var sentences: [String] = []
        if ended.sessions > 0 { sentences.append("Sitzungen, die beendet wurden: \(ended.sessions).") }
        if ended.keys > 0 { sentences.append("Schlüssel von Programmen gelten nicht mehr: \(ended.keys).") }
        if !ended.linked.isEmpty { sentences.append("Getrennte Konten: \(ended.linked).") }
        if !ended.factors.isEmpty { sentences.append("Entfernte Authentifikatoren: \(ended.factors).") }
        return sentences
    }

    private static func german(_ turn: DeletionTurn, _ day: String) -> (subject: String, sentences: [String]) {
        let what =
            "Ihr Konto wird am \(day) gelöscht, mit allem, was Ihnen gehört; was Sie anderen geschrieben haben, bleibt ohne Ihren Namen."
        return switch turn {
        case .asked:
            (
                "Ihr Konto wird gelöscht",
                [what, "Um es zu behalten, melden Sie sich vorher an. Alle anderen Geräte wurden abgemeldet."]
            )
        case .ordered: ("Ihr Konto wird gelöscht", [what, "Bis dahin ist es vom Betreiber gesperrt."])
        case .called:
            (
                "Ihr Konto bleibt",
                ["Ihr Konto wird am \(day) nicht gelöscht: Sie haben sich angemeldet oder es so gewünscht."]
            )
        case .revoked:
            (
                "Ihr Konto bleibt",
                ["Der Betreiber hat Ihr Konto wieder geöffnet. Es wird am \(day) nicht gelöscht."]
            )
        case .refused:
            (
                "Ihr Konto wurde nicht gelöscht",
                [
                    "Es konnte am \(day) nicht gelöscht werden, weil Ihnen Teams gehören, die sonst niemand hätte. Geben Sie sie ab und fragen Sie erneut."
                ]
            )
        }
    }

    private static func german(_ ways: OtherWaysIn) -> [String] {
        var sentences: [String] = []
        if ways.revokedKeys > 0 { sentences.append("Schlüssel von Programmen gelten nicht mehr: \(ways.revokedKeys).") }
        if ways.livingKeys > 0 {
            sentences.append(
                "Schlüssel von Programmen gelten weiter: \(ways.livingKeys). Widerrufen Sie, welche Sie nicht kennen."
            )
        }
        if !ways.linked.isEmpty { sentences.append("Anmelden kann man sich auch mit Konten bei: \(ways.linked).") }
        return sentences
    }

    private static func german(_ change: AccountChange, _ name: String) -> (subject: String, sentence: String) {
        switch change {
        case .oauthLinked:
            ("Ein Konto wurde verbunden", "Mit einem Konto bei \(name) kann man sich jetzt an Ihrem Konto anmelden.")
        case .oauthUnlinked:
            ("Ein Konto wurde getrennt", "Mit dem Konto bei \(name) kann man sich nicht mehr anmelden.")
        case .keyRotated:
            ("Ein Schlüssel hat ein neues Geheimnis", "Der Schlüssel „\(name)“ hat ein neues Geheimnis.")
        case .keyMade:
            ("Ein Schlüssel wurde angelegt", "Ein Programm mit dem Schlüssel „\(name)“ kann jetzt für Sie handeln.")
        }
    }
}
