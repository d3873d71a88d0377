internal import Credentials
internal import Data
package import PostgresClient

/// Takes mails in the transaction of what they tell: they are sent if it is committed, and never otherwise.
package struct MailOutbox {
    /// Of the job that sends one.
    package static let job = "mail.send"
    /// Beyond, a mail is given up.
    static let maximumAttempts: Int32 = 10

    private let services: IdentityServices

    package init(_ services: IdentityServices) { self.services = services }

    /// False where there is nobody to send it to, or it was added before.
    ///
    /// - Parameter known: the id it gets, where something is to point to it.
    @discardableResult
    package func add(_ mail: NewMail, as known: UUID? = nil, in transaction: Transaction) async throws -> Bool {
        let id = known ?? services.newID()
        let isAdded =
            switch mail.recipient {
            case .user(let user, let onlyConfirmed):
                try await transaction.insertMail(
                    id,
                    to: user,
                    template: mail.template.rawValue,
                    onlyConfirmed: onlyConfirmed,
                    dedupeKey: mail.dedupeKey
                )
            case .address(let address):
                try await transaction.insertMail(
                    id,
                    to: address,
                    template: mail.template.rawValue,
                    dedupeKey: mail.dedupeKey
                )
            }
        guard isAdded || mail.hidesRecipient else { return false }
        if let link = mail.link {
            let token = NewMailedToken(
                ofMail: id,
                link.purpose,
                of: link.user,
                askedBy: link.session,
                hash: OpaqueToken.random(link.purpose.tokenPurpose).hash,
                expiresAt: services.time(afterSeconds: link.seconds ?? link.purpose.seconds)
            )
            try await transaction.insert(token)
        }
        let values = JSONValue.object(mail.values.mapValues(JSONValue.string))
        var job = NewJob(
            MailOutbox.job,
            payload: JSONText(JSONValue.json([("message", .string(id.description)), ("values", values)]))
        )
        job.priority = mail.template.isEssential ? 5 : 0
        job.maximumAttempts = MailOutbox.maximumAttempts
        try await transaction.enqueue([job], waking: services.database.worker)
        return isAdded
    }
}
