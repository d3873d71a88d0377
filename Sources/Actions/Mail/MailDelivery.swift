internal import Credentials
package import Data
internal import Mail
internal import PostgresClient

/// Sends one mail. It may be sent twice where a process was lost in between, under the same id.
package struct MailDelivery {
    private let services: IdentityServices
    private let mails: MailServices

    package init(_ services: IdentityServices, _ mails: MailServices) {
        self.services = services
        self.mails = mails
    }

    /// Throws when it is to be tried again.
    package func run(_ job: Job) async throws {
        guard let payload = JSONValue(json: Array(job.payload.text.utf8))?.object,
            let id = payload["message"]?.string.flatMap(UUID.init)
        else { throw MailFault.rejected("the job names no mail") }
        let values = payload["values"]?.object?.compactMapValues(\.string) ?? [:]
        guard let row = try await services.database.session.mail(id),
            let template = MailTemplate(rawValue: row.template)
        else { return try await end(id, "SUPPRESSED", "nobody has this address any more") }
        guard ["QUEUED", "SENDING"].contains(row.status) || row.status == "FAILED" && job.isRevived else { return }
        if let reason = row.suppression, !template.isEssential || reason != "UNSUBSCRIBED" {
            return try await end(id, "SUPPRESSED", reason)
        }
        guard let sender = mails.sender, let recipient = MailAddress(row.address) else {
            return try await end(id, "SUPPRESSED", mails.sender == nil ? "no mails are sent" : "no address")
        }
        guard let text = try await MailContent(services, mails, row, values).text(template) else {
            return try await end(id, "SUPPRESSED", "not wanted any more")
        }
        let message = MailMessage(
            id: id.description,
            from: mails.from,
            to: recipient,
            subject: text.subject,
            text: text.plain,
            html: text.html,
            seconds: services.now.microseconds / 1_000_000,
            unsubscribing: unsubscribing(row, template, values)
        )
        try await services.database.pool.transaction {
            try await $0.beginMail(id, subject: message.subject, sender: sender.name)
        }
        do {
            let name = try await sender.send(message)
            try await end(id, "SENT", nil, name)
        } catch MailFault.rejected(let reason) {
            try await end(id, "FAILED", reason)
        } catch {
            let isLast = job.attemptOfLife >= MailOutbox.maximumAttempts
            try await end(id, isLast ? "FAILED" : "QUEUED", "\(error)")
            throw error
        }
    }

    /// Nil for mails that everybody gets.
    private func unsubscribing(_ row: MailRow, _ template: MailTemplate, _ values: [String: String]) -> String? {
        guard !template.isEssential, let user = row.userID, let links = mails.unsubscribing else { return nil }
        let category = values["category"].flatMap(NotificationKind.Category.init)
        let subject = template == .notificationDigest ? UnsubscribeLinks.Subject.digest : category.map { .category($0) }
        return subject.map { links.address(of: user, $0, at: services.now) }
    }

    private func end(_ id: UUID, _ status: String, _ error: String?, _ providerID: String? = nil) async throws {
        let now = services.now
        try await services.database.pool.transaction {
            try await $0.endMail(id, status, error: error, providerID: providerID)
            try await $0.endDeliveries(ofMail: id, status, error: error, at: now)
        }
    }
}
