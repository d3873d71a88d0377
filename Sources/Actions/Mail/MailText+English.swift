extension MailText {
    static func english(_ story: MailStory, to name: String?) -> MailText {
        let greeting = name.map { "Hello \($0)," } ?? "Hello,"
        let unasked = "If you did not ask for this, ignore this mail: nothing happens."
        switch story {
        case .emailVerification(let link):
            return MailText(
                subject: "Confirm your address",
                greeting: greeting,
                paragraphs: ["Please confirm that this address is yours."],
                button: ("Confirm the address", link),
                closing: ["The link is good for a day. " + unasked]
            )
        case .accountMade(let link):
            return MailText(
                subject: "Your new account",
                greeting: greeting,
                paragraphs: ["An account was made for you. Choose a password to begin."],
                button: ("Choose a password", link),
                closing: ["The link is good for seven days, and once. If you want no account, ignore this mail."]
            )
        case .accountSuspended(let end):
            return MailText(
                subject: "Your account was suspended",
                greeting: greeting,
                paragraphs: [
                    "Your account is closed" + (end.map { " until \($0)" } ?? "") + ", and all devices were signed out."
                ],
                closing: ["If you think that this is a mistake, answer those who run this service."]
            )
        case .accountDeletion(let turn, let day):
            let (subject, sentences) = english(turn, day)
            return MailText(subject: subject, greeting: greeting, paragraphs: sentences, closing: [])
        case .passwordReset(let restored?, let link):
            return MailText(
                subject: "Choose a new password",
                greeting: greeting,
                paragraphs: [
                    "Your account has this address again. Its password counts no more: choose a new one. "
                        + "What somebody else may have made to get in has ended."
                ] + english(restored),
                button: ("Choose a new password", link),
                closing: ["The link is good for an hour, and once. You get another one where you sign in."]
            )
        case .passwordReset(nil, let link):
            return MailText(
                subject: "Choose a new password",
                greeting: greeting,
                paragraphs: ["Somebody, hopefully you, wants a new password for your account."],
                button: ("Choose a new password", link),
                closing: ["The link is good for an hour, and once. " + unasked]
            )
        case .passwordChanged(let ways, let link):
            return MailText(
                subject: "Your password was changed",
                greeting: greeting,
                paragraphs: ["Your account has a new password now, and all other devices were signed out."]
                    + english(ways),
                button: ("It was not me", link),
                closing: ["If it was you, there is nothing to do."]
            )
        case .emailChange(let link):
            return MailText(
                subject: "Confirm your new address",
                greeting: greeting,
                paragraphs: ["Please confirm that this address is yours. It is your account's from then on."],
                button: ("Use this address", link),
                closing: ["The link is good for a day. " + unasked]
            )
        case .emailChanged(let link):
            return MailText(
                subject: "Your address was changed",
                greeting: greeting,
                paragraphs: ["Your account has another address now; mails go there."],
                button: ("It was not me", link),
                closing: [
                    "If it was you, there is nothing to do. If not, the link gives your account this address back, "
                        + "ends all sessions and what was added of late to sign in by, and lets you choose a new password. "
                        + "It is good for three days."
                ]
            )
        case .emailReplaced:
            return MailText(
                subject: "Your account has another address",
                greeting: greeting,
                paragraphs: ["Those who run this service have given your account another address; mails go there."],
                closing: ["If you think that this is a mistake, answer those who run this service."]
            )
        case .emailChangeUndone:
            return MailText(
                subject: "The change of your address was undone",
                greeting: greeting,
                paragraphs: [
                    "Your account has the address again that it had before this one. Mails go there, and all devices were "
                        + "signed out."
                ],
                closing: [
                    "If it was you, there is nothing to do. If not, somebody else reads the mails of that address: look for the "
                        + "mail about the change at an address that the account had earlier. Its link is good for three days."
                ]
            )
        case .accountChanged(let change, let name, let link):
            return MailText(
                subject: change.title,
                greeting: greeting,
                paragraphs: [change.sentence(name) + "."],
                button: ("It was not me", link),
                closing: ["If it was you, there is nothing to do. Else choose a new password, which ends all sessions."]
            )
        case .teamInvitation(let team, let inviter, let message, let link):
            return MailText(
                subject: "Join \(team)",
                greeting: greeting,
                paragraphs: ["\(inviter ?? "Somebody") invites you to the team “\(team)”."],
                quotation: message,
                button: ("See the invitation", link),
                closing: ["The invitation is good for seven days. If you know nobody there, ignore this mail."]
            )
        case .guestLink(let conversation, let inviter, let guest, let days, let link):
            return MailText(
                subject: conversation.isEmpty ? "You are invited to a conversation" : conversation,
                greeting: "Hello \(guest),",
                paragraphs: ["\(inviter ?? "Somebody") invites you to a conversation. You need no account."],
                button: ("Open the conversation", link),
                closing: [
                    "The link is for you alone, and good for \(days) \(days == 1 ? "day" : "days"). If you know nobody there, ignore this mail."
                ]
            )
        case .notification(let title, let body, let link, let isEssential):
            return MailText(
                subject: title,
                greeting: greeting,
                paragraphs: [title] + (body.isEmpty ? [] : [body]),
                button: link.map { ("Open", $0) },
                closing: [
                    isEssential
                        ? "You get this mail because it is about the safety of your account."
                        : "Which mails you get is up to you: change it in your settings."
                ]
            )
        case .digest(let lines, let hasMore, let link):
            return MailText(
                subject:
                    "What you have not read: \(lines.count) \(lines.count == 1 ? "notification" : "notifications")",
                greeting: greeting,
                paragraphs: ["Since the last time:"] + lines.map(\.text)
                    + (hasMore ? ["There is more than this."] : []),
                button: ("See everything", link),
                closing: ["Which mails you get is up to you: change it in your settings."]
            )
        }
    }

    private static func english(_ ended: RestoredAccount) -> [String] {
        var sentences: [String] = []
        if ended.sessions > 0 { sentences.append("Sessions that have ended: \(ended.sessions).") }
        if ended.keys > 0 { sentences.append("Keys of programs that were revoked: \(ended.keys).") }
        if !ended.linked.isEmpty { sentences.append("Accounts elsewhere that were unlinked: \(ended.linked).") }
        if !ended.factors.isEmpty { sentences.append("Authenticators that were removed: \(ended.factors).") }
        return sentences
    }

    private static func english(_ turn: DeletionTurn, _ day: String) -> (subject: String, sentences: [String]) {
        let what =
            "Your account will be deleted on \(day), with all that is yours; what you wrote to others stays, without your name."
        return switch turn {
        case .asked:
            (
                "Your account will be deleted",
                [what, "Until then, sign in to keep it. All other devices were signed out."]
            )
        case .ordered:
            ("Your account will be deleted", [what, "It is closed until then, by those who run this service."])
        case .called:
            ("Your account stays", ["Your account will not be deleted on \(day): you have signed in, or said so."])
        case .revoked:
            (
                "Your account stays",
                ["Those who run this service have opened your account again. It will not be deleted on \(day)."]
            )
        case .refused:
            (
                "Your account was not deleted",
                [
                    "It could not be deleted on \(day), as you own teams that would have nobody. Give them away, and ask again."
                ]
            )
        }
    }

    private static func english(_ ways: OtherWaysIn) -> [String] {
        var sentences: [String] = []
        if ways.revokedKeys > 0 { sentences.append("Keys of programs that were revoked: \(ways.revokedKeys).") }
        if ways.livingKeys > 0 {
            sentences.append("Keys of programs that go on: \(ways.livingKeys). Revoke those that you do not know.")
        }
        if !ways.linked.isEmpty {
            sentences.append("Accounts elsewhere can be used to sign in as well: \(ways.linked).")
        }
        return sentences
    }
}
