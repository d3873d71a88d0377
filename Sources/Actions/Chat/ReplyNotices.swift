package import Data
internal import PostgresClient

/// Tells of a reply whoever wrote what it answers, and those who follow the thread in which it stands: so many in a
/// transaction. It may be cut at any place, and goes on behind the last step that was committed.
///
/// Sending a message waits for none of it, however many follow.
package struct ReplyNotices {
    package static let job = "chat.replies"
    private let services: IdentityServices
    private let stepSize: Int

    package init(_ services: IdentityServices, stepSize: Int = 500) {
        self.services = services
        self.stepSize = stepSize
    }

    static func task(_ message: UUID) -> NewJob { NewJob(job, payload: JSONText(#""\#(message)""#)) }

    package func run(_ job: Job) async throws {
        guard let message = UUID(String(job.payload.text.drop { $0 == "\"" }.prefix { $0 != "\"" })) else { return }
        while try await step(message) { try Task.checkCancellation() }
    }

    /// False when there is nothing more to be done.
    private func step(_ id: UUID) async throws -> Bool {
        let (services, size) = (services, stepSize)
        return try await services.database.pool.transaction { transaction in
            guard let reply = try await transaction.lockReplyNotice(id) else { return false }
            guard reply.message.deletedAt == nil else {
                try await transaction.endReplyNotice(id)
                return false
            }
            var followers: [UUID] = []
            if let root = reply.message.threadRootID {
                followers = try await transaction.followers(of: root, behind: reply.toldThrough, limit: size)
            }
            let notes = try await notes(reply, followers, in: transaction)
            let isLast = followers.count < size
            if isLast {
                try await transaction.endReplyNotice(id)
            } else if let last = followers.last {
                try await transaction.advanceReplyNotice(id, past: last)
            }
            let events = try await Notify(services).write(notes, in: transaction)
            try await transaction.append(events, waking: services.database.events)
            return !isLast
        }
    }

    /// Who is spoken of is told of that, and once.
    private func notes(
        _ reply: ReplyNoticeRow,
        _ followers: [UUID],
        in transaction: Transaction
    ) async throws -> [NewNotification] {
        let message = reply.message
        let toldAlready = Set(reply.mentions + (message.authorID.map { [$0] } ?? []))
        // Whoever is answered is told with the first step, by whatever they follow.
        let answered = [reply.answeredID].compactMap { reply.toldThrough == nil ? $0 : nil }
            .filter { !toldAlready.contains($0) }
        let following = followers.filter { !toldAlready.contains($0) && $0 != reply.answeredID }
        let views = (answered + following).map { RoomView(room: message.roomID, user: $0) }
        guard !views.isEmpty else { return [] }
        try await transaction.holdReading(of: message.roomID, by: answered + following)
        // Whoever has read it by now is told nothing: there is nothing that they could read to have done with it.
        let seeing = try await transaction.rooms(views)
        let waiting = Set(seeing.filter { $0.value.lastReadSeq < message.seq }.keys.map(\.user))
        let (name, german) = try await author(of: message, in: transaction)
        func note(_ people: [UUID], _ title: String, _ german: String, _ thread: String) -> NewNotification {
            NewNotification(
                .reply,
                to: people.filter(waiting.contains),
                title: title,
                body: "",
                german: NotificationWords(german),
                actor: message.authorID,
                subject: (prefix: "msg", id: message.id),
                room: message.roomID,
                repetition: .thread(thread)
            )
        }
        let thread = "thread:\(message.threadRootID ?? message.id)"
        return [
            note(
                answered,
                "\(name) replied to you",
                "\(german) hat Ihnen geantwortet",
                "reply:\(message.roomID)"
            ),
            note(
                following,
                "\(name) replied in a thread that you follow",
                "\(german) hat in einem Thema geantwortet, dem Sie folgen",
                thread
            ),
        ]
    }

    /// The name of whoever wrote it, in English and in German.
    private func author(
        of message: MessageRow,
        in transaction: Transaction
    ) async throws -> (english: String, german: String) {
        guard let id = message.authorID else { return ("A guest", "Ein Gast") }
        guard let user = try await transaction.session.users([id]).first else { return ("Somebody", "Jemand") }
        return (user.name, user.name)
    }
}
