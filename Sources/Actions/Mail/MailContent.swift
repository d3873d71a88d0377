internal import Credentials
internal import Data
internal import PostgresClient

/// Puts together what a mail says, with the secret of its link, which is made here and nowhere kept.
struct MailContent {
    /// Beyond, a digest says that there is more.
    static let digestLines = 50

    private let services: IdentityServices
    private let mails: MailServices
    private let row: MailRow
    private let values: [String: String]

    init(_ services: IdentityServices, _ mails: MailServices, _ row: MailRow, _ values: [String: String]) {
        self.services = services
        self.mails = mails
        self.row = row
        self.values = values
    }

    /// Nil when it has lost its reason.
    func text(_ template: MailTemplate) async throws -> MailText? {
        guard let story = try await story(template) else { return nil }
        let reader = try await reader()
        let isGerman = reader.locale?.lowercased().hasPrefix("de") ?? false
        return isGerman ? MailText.german(story, to: reader.name) : MailText.english(story, to: reader.name)
    }

    /// Who has the address, or wants to have it, or had it.
    private func reader() async throws -> (name: String?, locale: String?) {
        guard row.userID == nil, let id = accountID,
            let user = try await services.database.session.users([id]).first
        else { return (row.userName, row.locale) }
        return (user.name, user.locale)
    }

    private var accountID: UUID? { values["user"].flatMap(UUID.init) }

    private func story(_ template: MailTemplate) async throws -> MailStory? {
        switch template {
        case .emailVerification:
            return try await link("verify-email", .emailVerification).map(MailStory.emailVerification)
        case .accountMade:
            return try await link("reset-password", .passwordReset, seconds: NewMail.firstPasswordSeconds)
                .map(MailStory.accountMade)
        case .accountSuspended: return .accountSuspended(until: values["until"])
        case .accountDeletion:
            guard let turn = values["turn"].flatMap(DeletionTurn.init) else { return nil }
            return .accountDeletion(turn, day: values["day"] ?? "")
        case .passwordReset:
            return try await link("reset-password", .passwordReset).map {
                .passwordReset(RestoredAccount(values), link: $0)
            }
        case .emailChange:
            // Whoever has the address by now does not learn who wanted it.
            guard row.userID == nil else { return nil }
            return try await link("change-email", .emailChange).map(MailStory.emailChange)
        case .emailChanged: return try await link("undo-email-change", .emailUndo).map(MailStory.emailChanged)
        case .emailReplaced: return .emailReplaced
        case .emailChangeUndone: return .emailChangeUndone
        case .passwordChanged:
            let ways = OtherWaysIn(
                revokedKeys: values["revokedKeys"].flatMap { Int($0) } ?? 0,
                livingKeys: values["livingKeys"].flatMap { Int($0) } ?? 0,
                linked: values["linked"] ?? ""
            )
            return .passwordChanged(ways, link: "\(mails.pages)/forgot-password")
        case .accountChanged:
            guard let change = values["change"].flatMap(AccountChange.init) else { return nil }
            let link = "\(mails.pages)/forgot-password"
            return .accountChanged(change, name: values["name"] ?? "", link: link)
        case .teamInvitation: return try await invitation()
        case .guestLink: return try await guestLink()
        case .notification, .securityNotice:
            guard try await isWanted() else { return nil }
            return .notification(
                title: values["title"] ?? "",
                body: values["body"] ?? "",
                link: values["link"].map { $0.hasPrefix("/") ? mails.pages + $0 : $0 },
                isEssential: template == .securityNotice
            )
        case .notificationDigest: return try await digest()
        }
    }

    /// Whether what a notification tells is still to be told.
    private func isWanted() async throws -> Bool {
        guard let id = values["delivery"].flatMap(UUID.init) else { return true }
        let now = services.clock()
        return try await services.database.pool.transaction { transaction in
            guard let delivery = try await transaction.delivery(id, at: now) else { return false }
            return try await delivery.hindrance(at: now, in: transaction) == nil
        }
    }

    /// Nil when everything of it was read meanwhile, or the account was closed. What its reader may no longer see is left out.
    private func digest() async throws -> MailStory? {
        guard let user = row.userID else { return nil }
        let lines = try await services.database.pool.transaction { transaction -> [DigestLineRow] in
            let reader = try await transaction.session.users([user]).first
            guard let reader, ["ACTIVE", "PENDING_VERIFICATION"].contains(reader.status) else { return [] }
            let lines = try await transaction.digestLines(
                ofMail: row.id,
                heedingBlocksIn: NotificationKind.Category.heedingBlocks,
                limit: Self.digestLines + 1
            )
            let messages = lines.compactMap { $0.subjectType == "msg" ? $0.subjectID : nil }
            let visible = Set(try await transaction.messages(messages, visibleTo: user).map(\.id))
            return lines.filter { line in line.subjectType != "msg" || line.subjectID.map(visible.contains) ?? true }
        }
        guard !lines.isEmpty else { return nil }
        return .digest(
            lines: lines.prefix(Self.digestLines).map { line in
                MailStory.DigestLine(title: line.title, body: line.body, count: Int(line.eventCount))
            },
            hasMore: lines.count > Self.digestLines,
            link: mails.pages + "/notifications"
        )
    }

    /// Nil where what it was to lead to was ended since it was asked for. One that was tried to be sent before counts no more.
    private func link(_ page: String, _ purpose: OneTimePurpose, seconds: Int64? = nil) async throws -> String? {
        let token = OpaqueToken.random(purpose.tokenPurpose)
        let expiresAt = services.time(afterSeconds: seconds ?? purpose.seconds)
        let isWanted = try await services.database.pool.transaction { [row] in
            try await $0.setMailedToken(hash: token.hash, ofMail: row.id, expiresAt: expiresAt)
        }
        return isWanted ? "\(mails.pages)/\(page)?token=\(token.text)" : nil
    }

    private func invitation() async throws -> MailStory? {
        guard let id = values["invite"].flatMap(UUID.init) else { return nil }
        let token = OpaqueToken.random(.teamInvitation)
        let invite = try await services.database.pool.transaction { transaction -> TeamInviteRow? in
            guard try await transaction.setInviteToken(hash: token.hash, of: id) else { return nil }
            return try await transaction.teamInvites([id]).first
        }
        guard let invite else { return nil }
        let inviter = try await services.database.session.users([invite.invitedBy].compactMap { $0 }).first
        return .teamInvitation(
            team: invite.teamName,
            inviter: inviter?.name,
            message: invite.message,
            link: "\(mails.pages)/team-invite?token=\(token.text)"
        )
    }

    /// Nil once the link has ended.
    private func guestLink() async throws -> MailStory? {
        guard let id = values["link"].flatMap(UUID.init) else { return nil }
        let token = OpaqueToken.random(.guestLink)
        let invitation = try await services.database.pool.transaction {
            try await $0.setGuestToken(hash: token.hash, of: id)
        }
        guard let invitation else { return nil }
        let left = invitation.expiresAt.microseconds - services.now.microseconds
        return .guestLink(
            conversation: invitation.title,
            inviter: invitation.inviter,
            guest: invitation.guest,
            days: max(1, Int((left + 43_200_000_000) / 86_400_000_000)),
            link: "\(mails.pages)/conversation?guest=\(token.text)"
        )
    }
}
