package import Data
package import PostgresClient

/// What somebody says of themselves to those who know them.
package struct PresenceSet {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// Replaces what was said before.
    package func run(
        status: String?,
        text: String?,
        emoji: String?,
        until: Timestamp?
    ) async throws -> Result<PresenceRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let text = text.map { ChatText.line($0, 0...100, ["input", "customText"], &faults) }
        if let emoji, !ChatText.isEmoji(emoji) {
            faults.append(.invalid("customEmoji", "Give it one emoji."))
        }
        if let until, until.microseconds <= work.now.microseconds {
            faults.append(.invalid("expiresAt", "Give it a moment that is to come."))
        }
        if let faults = ChatFaults(faults) { return .failure(faults) }
        try await work.services.identity.limit("presence_set", by: work.user.description, 30, perSeconds: 60)
        let chosen = ChosenPresence(
            status: status,
            customText: text.flatMap { $0.isEmpty ? nil : $0 },
            customEmoji: emoji,
            customExpiresAt: until
        )
        let result = try await work.transaction { transaction in
            try await transaction.setPresence(chosen, of: work.user)
            let view = PresenceView(user: work.user, viewer: work.user)
            guard let row = try await transaction.presences([view])[view] else { throw PostgresError.rowCount(0) }
            return row
        }
        let events = work.services.database.events
        events.presence.noteActivity(of: work.user)
        events.signals.send("", to: PresenceRegistry.topic(work.user))
        return result
    }
}
