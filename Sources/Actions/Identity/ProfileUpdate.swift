package import Data
internal import PostgresClient

/// Changes what somebody says of themselves.
package struct ProfileUpdate {
    private let services: IdentityServices
    private let principal: Principal
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        self.principal = principal
        self.client = client
    }

    /// Everything that is wrong is told at once.
    package func run(_ input: ProfileChange) async throws -> Result<UserRow, AccountFaults> {
        var change = input
        change.name = input.name.map(VisibleText.trimmed)
        change.headline = input.headline.map(VisibleText.trimmed)
        change.bio = input.bio.map(ComposedText.of)
        var faults = ProfileUpdate.faults(change, of: principal.user)
        if let zone = change.timeZone, try await !services.database.isTimeZone(zone) {
            faults.append(.invalid("timeZone", "Must be a time zone of IANA, such as Europe/Berlin."))
        }
        if let faults = AccountFaults(faults) { return .failure(faults) }
        let user = principal.user.id
        let outcome: Result<UserRow, AccountFaults> = try await services.database.pool.transaction {
            [change, client] transaction in
            let before = try await transaction.session.users([user]).first
            var (fault, code) = (AccountFaults?.none, String?.none)
            if case .some(.some(let avatar)) = change.avatarFileID,
                try await !transaction.lockAvatar(avatar, of: user)
            {
                let rule = "Must be a file of yours that was uploaded as an avatar."
                (fault, code) = (AccountFaults(.invalid("avatarFileId", rule)), "INVALID_INPUT")
            } else if try await !transaction.changeProfile(change, of: user) {
                (fault, code) = (AccountFaults.taken(email: false, username: true), "USERNAME_TAKEN")
            } else if case .some(let avatar) = change.avatarFileID {
                // Refusals are committed, for what the log says of them: nothing is changed before all is sure.
                try await transaction.setAvatar(avatar, ofUser: user)
            }
            let row = try await transaction.session.users([user]).first
            try await transaction.record(
                NewAuditEntry(
                    "profile.update",
                    fault == nil ? .succeeded : .refused,
                    by: user,
                    from: client,
                    errorCode: code,
                    changes: fault == nil ? ProfileUpdate.changes(change, before, row) : []
                )
            )
            if let fault { return .failure(fault) }
            guard let row else { throw PostgresError.rowCount(0) }
            return .success(row)
        }
        // What the viewer asks next is to show the change.
        services.forget(principal)
        return outcome
    }

    /// Texts about oneself are long, and what they were is nobody's business: that they were changed is enough. Names would
    /// outlive the account in a log that is never changed.
    private static func changes(_ change: ProfileChange, _ before: UserRow?, _ after: UserRow?) -> [AuditChange?] {
        [
            before?.name == after?.name ? nil : AuditChange(secret: "displayName"),
            before?.username == after?.username ? nil : AuditChange(secret: "username"),
            AuditChange("locale", before?.locale, after?.locale),
            AuditChange("timeZone", before?.timeZone, after?.timeZone),
            change.headline.map { _ in AuditChange(secret: "headline") },
            change.bio.map { _ in AuditChange(secret: "bio") },
            change.links.map { _ in AuditChange(secret: "links") },
            change.avatarFileID.map { _ in AuditChange(secret: "avatarFileId") },
        ]
    }

    private static func faults(_ change: ProfileChange, of user: UserRow) -> [AccountFault] {
        var faults: [AccountFault] = []
        if let name = change.name, !AccountNames.isDisplayName(name) {
            faults.append(.invalid("displayName", "Must have from 1 to 80 characters, all of them visible."))
        }
        if let username = change.username, username.lowercased() != user.username.lowercased() {
            if !AccountNames.isUsername(username) {
                faults.append(.invalid("username", AccountNames.usernameRule))
            } else if AccountNames.isReserved(username) {
                faults.append(.invalid("username", "Is reserved."))
            }
        }
        if let headline = change.headline, headline.unicodeScalars.count > 120 || !VisibleText.isLine(headline) {
            faults.append(.invalid("headline", "Must have at most 120 characters, all of them visible."))
        }
        if let bio = change.bio, bio.unicodeScalars.count > 2_000 || !VisibleText.isText(bio) {
            faults.append(.invalid("bio", "Must have at most 2,000 characters."))
        }
        if let locale = change.locale,
            locale.utf8.count > 35 || locale.wholeMatch(of: /[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}/) == nil
        {
            faults.append(.invalid("locale", "Must be a language tag, such as en or pt-BR."))
        }
        if let links = change.links, links.count > 10 || !links.allSatisfy(VisibleText.isLink) {
            faults.append(.invalid("links", "Must be at most ten addresses that begin with https:// or http://."))
        }
        return faults
    }
}
