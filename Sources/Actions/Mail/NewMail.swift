internal import Data
package import PostgresClient

/// A mail to be. What it says is put together when it is sent, so that nothing secret waits in the queue.
package struct NewMail: Sendable {
    enum Recipient: Sendable {
        case user(UUID, onlyConfirmed: Bool)
        case address(String)
    }

    /// The secret that its link has.
    struct Link: Sendable {
        let purpose: OneTimePurpose
        let user: UUID
        /// Who asked for it; it ends where their session is ended by others.
        var session: UUID?
        /// How long it is good, where that is not as ever for its purpose.
        var seconds: Int64?
    }

    /// How long somebody for whom an account was made has to choose its password.
    static let firstPasswordSeconds: Int64 = 7 * 86_400

    let recipient: Recipient
    let template: MailTemplate
    /// What the template tells, beside whom it is to.
    let values: [String: String]
    let dedupeKey: String?
    var link: Link?
    /// Whether the work must be the same when there is nobody to send it to.
    var hidesRecipient = false

    /// Asks whether an address is theirs who gave it.
    static func emailVerification(to user: UUID) -> NewMail {
        NewMail(
            recipient: .user(user, onlyConfirmed: false),
            template: .emailVerification,
            values: [:],
            dedupeKey: nil,
            link: Link(purpose: .emailVerification, user: user)
        )
    }

    /// Lets somebody choose a new password.
    ///
    /// - Parameter restored: what has ended, where the account has got its address back.
    static func passwordReset(to user: UUID, after restored: RestoredAccount? = nil) -> NewMail {
        var mail = NewMail(
            recipient: .user(user, onlyConfirmed: false),
            template: .passwordReset,
            values: restored?.values ?? [:],
            dedupeKey: nil,
            link: Link(purpose: .passwordReset, user: user)
        )
        mail.hidesRecipient = true
        return mail
    }

    /// Tells somebody of an account that was made for them, and lets them choose its password.
    static func accountMade(for user: UUID) -> NewMail {
        NewMail(
            recipient: .user(user, onlyConfirmed: false),
            template: .accountMade,
            values: [:],
            dedupeKey: nil,
            link: Link(purpose: .passwordReset, user: user, seconds: firstPasswordSeconds)
        )
    }

    /// Tells that an account is closed, until then if that is known; before it is, as mails go to open accounts.
    static func suspended(_ user: UUID, until end: Timestamp?) -> NewMail {
        NewMail(
            recipient: .user(user, onlyConfirmed: true),
            template: .accountSuspended,
            values: end.map { ["until": $0.rfc3339] } ?? [:],
            dedupeKey: nil
        )
    }

    /// Tells that an account will be erased, or will not be after all.
    static func deletion(of user: UUID, on day: Timestamp, _ turn: DeletionTurn) -> NewMail {
        NewMail(
            recipient: .user(user, onlyConfirmed: false),
            template: .accountDeletion,
            values: ["turn": turn.rawValue, "day": String(day.rfc3339.prefix(10))],
            dedupeKey: nil
        )
    }

    /// Tells that the password is another one now, and what else leads into the account.
    static func passwordChanged(to user: UUID, revokedKeys: Int, livingKeys: Int, linked: [String]) -> NewMail {
        NewMail(
            recipient: .user(user, onlyConfirmed: false),
            template: .passwordChanged,
            values: [
                "revokedKeys": String(revokedKeys), "livingKeys": String(livingKeys),
                "linked": linked.joined(separator: ", "),
            ],
            dedupeKey: nil
        )
    }

    /// Asks whether an address that somebody wants for their account is theirs.
    static func emailChange(of user: UUID, to address: String, askedBy session: UUID) -> NewMail {
        NewMail(
            recipient: .address(address),
            template: .emailChange,
            values: ["user": user.description],
            dedupeKey: nil,
            link: Link(purpose: .emailChange, user: user, session: session)
        )
    }

    /// Tells the address that an account had of the change, and lets it be undone.
    static func emailChanged(of user: UUID, from address: String) -> NewMail {
        NewMail(
            recipient: .address(address),
            template: .emailChanged,
            values: ["user": user.description],
            dedupeKey: nil,
            link: Link(purpose: .emailUndo, user: user)
        )
    }

    /// Tells the address that an account had that those who run the service have given it another.
    static func emailReplaced(of user: UUID, from address: String) -> NewMail {
        NewMail(
            recipient: .address(address),
            template: .emailReplaced,
            values: ["user": user.description],
            dedupeKey: nil
        )
    }

    /// Tells an address that the account has its former one again.
    static func emailChangeUndone(of user: UUID, to address: String) -> NewMail {
        NewMail(
            recipient: .address(address),
            template: .emailChangeUndone,
            values: ["user": user.description],
            dedupeKey: nil
        )
    }

    /// Tells that there is another way into the account, or one less; only to an address that is confirmed.
    static func accountChanged(_ change: AccountChange, _ name: String, of user: UUID) -> NewMail {
        NewMail(
            recipient: .user(user, onlyConfirmed: true),
            template: .accountChanged,
            values: ["change": change.rawValue, "name": name],
            dedupeKey: nil
        )
    }

    /// Invites an address into a team.
    static func teamInvitation(_ invite: UUID, to address: String) -> NewMail {
        NewMail(
            recipient: .address(address),
            template: .teamInvitation,
            values: ["invite": invite.description],
            dedupeKey: nil
        )
    }

    /// Lets somebody without an account into a conversation.
    static func guestLink(_ link: UUID, to address: String) -> NewMail {
        NewMail(
            recipient: .address(address),
            template: .guestLink,
            values: ["link": link.description],
            dedupeKey: nil
        )
    }

    /// Tells somebody what they were told in the application; only to an address that is confirmed.
    ///
    /// - Parameters:
    ///   - link: where there is more, an address of ours that begins with a slash; nil for none.
    ///   - dedupeKey: a mail with a key that one had before is not sent.
    ///   - category: of the notification, which its reader may want no more of.
    ///   - delivery: of the notification, by which it is known whether the mail is wanted still when it is sent.
    ///   - isEssential: whether it is sent to those who want no mails, because their account is at stake.
    package static func notification(
        to user: UUID,
        title: String,
        body: String,
        link: String?,
        dedupeKey: String?,
        category: String? = nil,
        delivery: UUID? = nil,
        isEssential: Bool = false
    ) -> NewMail {
        var values = ["title": title, "body": body]
        if let link, VisibleText.isLink(link) || link.hasPrefix("/") && !link.hasPrefix("//") { values["link"] = link }
        if let category { values["category"] = category }
        if let delivery { values["delivery"] = delivery.description }
        return NewMail(
            recipient: .user(user, onlyConfirmed: true),
            template: isEssential ? .securityNotice : .notification,
            values: values,
            dedupeKey: dedupeKey
        )
    }
}

extension NewMail {
    /// Tells somebody what has gathered since the last time. What that is is known by the mail.
    static func notificationDigest(to user: UUID) -> NewMail {
        NewMail(
            recipient: .user(user, onlyConfirmed: true),
            template: .notificationDigest,
            values: [:],
            dedupeKey: nil
        )
    }
}

/// What mails there are; the words are in the table.
enum MailTemplate: String, Sendable, CaseIterable {
    case emailVerification = "email_verification"
    case accountMade = "account_made"
    case accountSuspended = "account_suspended"
    case accountDeletion = "account_deletion"
    case passwordReset = "password_reset"
    case passwordChanged = "password_changed"
    case emailChange = "email_change"
    case emailChanged = "email_changed"
    case emailReplaced = "email_replaced"
    case emailChangeUndone = "email_change_undone"
    case accountChanged = "account_changed"
    case teamInvitation = "team_invitation"
    case guestLink = "guest_link"
    case notification
    case notificationDigest = "notification_digest"
    case securityNotice = "security_notice"

    /// Whether it is sent to those who want no mails, because they have asked for it or their account is at stake.
    var isEssential: Bool { self != .notification && self != .notificationDigest }
}
