internal import Data
package import PostgresClient

/// Tells some people of something that the product does not tell by itself, as other programs of whoever runs it do.
package struct NotificationCreate {
    package struct Input: Sendable {
        package let userIDs: [UUID]
        package let category: NotificationKind.Category
        package let type: String
        package let title: String
        package let body: String
        package let actionURL: String?
        /// By what it is to be brought. What is not in the list is nowhere.
        package let channels: Set<NotificationKind.Channel>
        package let priority: NotificationKind.Priority
        /// What is told with the same key is told to each of them once.
        package let key: String?

        package init(
            userIDs: [UUID],
            category: NotificationKind.Category,
            type: String,
            title: String,
            body: String,
            actionURL: String?,
            channels: Set<NotificationKind.Channel>,
            priority: NotificationKind.Priority,
            key: String?
        ) {
            self.userIDs = userIDs
            self.category = category
            self.type = type
            self.title = VisibleText.trimmed(title)
            self.body = VisibleText.trimmed(body)
            self.actionURL = actionURL
            self.channels = channels
            self.priority = priority
            self.key = key
        }
    }

    /// Categories whose notifications are about nothing of the product's own.
    private static let categories: [NotificationKind.Category] = [.team, .system]

    private let services: IdentityServices
    private let user: UUID
    private let client: ClientInfo

    package init(_ services: IdentityServices, _ principal: Principal, from client: ClientInfo) {
        self.services = services
        user = principal.user.id
        self.client = client
    }

    /// How many were told: those who want none of the category are not, nor those whose accounts are closed.
    package func run(_ input: Input) async throws -> Result<Int, NotificationFaults> {
        let faults = NotificationFaults(Self.faults(of: input))
        try await services.limit("notification_create", by: user.description, 60, perSeconds: 60)
        return try await services.database.pool.transaction { transaction in
            var refusal = faults
            if refusal == nil, let unknown = try await self.unknown(input.userIDs, in: transaction) {
                refusal = NotificationFaults(.notFound(["input", "userIds", "\(unknown)"]))
            }
            if let refusal {
                let code = refusal.all[0].code.rawValue
                try await transaction.record(
                    NewAuditEntry("notification.create", .refused, by: user, from: client, errorCode: code)
                )
                return .failure(refusal)
            }
            let events = try await Notify(services).write([notification(input)], in: transaction)
            let changes = [AuditChange("type", nil, input.type), AuditChange("created", nil, String(events.count))]
            try await transaction.record(
                NewAuditEntry("notification.create", .succeeded, by: user, from: client, changes: changes)
            )
            try await transaction.append(events, waking: services.database.events)
            return .success(events.count)
        }
    }

    private func notification(_ input: Input) -> NewNotification {
        NewNotification(
            NotificationKind(type: input.type, category: input.category, priority: input.priority),
            to: input.userIDs,
            title: input.title,
            body: input.body,
            actionURL: input.actionURL,
            repetition: input.key.map { .once("created:\(input.type):\($0)") } ?? .each,
            channels: input.channels
        )
    }

    /// The place of the first who has no account.
    private func unknown(_ users: [UUID], in transaction: Transaction) async throws -> Int? {
        let known = try await transaction.session.users(users).filter { $0.status != "DELETED" }
        let ids = Set(known.map(\.id))
        return users.firstIndex { !ids.contains($0) }
    }

    private static func faults(of input: Input) -> [NotificationFault] {
        var faults: [NotificationFault] = []
        func refuse(_ field: String, _ rule: String, _ code: NotificationFaultCode = .invalidInput) {
            faults.append(NotificationFault(code, ["input", field], rule))
        }
        if !categories.contains(input.category) {
            refuse("category", "What is of this category is told by the server itself.", .forbidden)
        }
        if input.type.utf8.count > 80 || input.type.wholeMatch(of: /[a-z][a-z0-9_]*(\.[a-z0-9_]+)+/) == nil {
            refuse("type", "Must be words of a-z, 0-9 and _ with dots between them, of 80 characters at most.")
        } else if NotificationKind.all.contains(where: { $0.type == input.type }) {
            refuse("type", "What is of this type is told by the server itself.", .forbidden)
        }
        if !(1...200).contains(input.title.unicodeScalars.count) || !VisibleText.isLine(input.title) {
            refuse("title", "Must have from 1 to 200 characters, all of them visible.")
        }
        if input.body.unicodeScalars.count > 5_000 || !VisibleText.isText(input.body) {
            refuse("body", "Must have 5,000 characters at most.")
        }
        if let url = input.actionURL, !VisibleText.isLink(url) {
            refuse("actionUrl", "Must be an address that begins with https:// or http://.")
        }
        if !input.channels.contains(.inApp) { refuse("channels", "Must have IN_APP: what is not there is nowhere.") }
        if let key = input.key, !(8...64).contains(key.unicodeScalars.count) || !VisibleText.isLine(key) {
            refuse("key", "Must have from 8 to 64 visible characters.")
        }
        return faults
    }
}
