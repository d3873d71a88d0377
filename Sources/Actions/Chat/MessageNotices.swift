package import Data
internal import PostgresClient

/// Tells of a message whoever wrote what it answers, those who follow the thread in which it stands, the people of its room where
/// that is no channel, and those who want to be told all of its channel: so many in a transaction. It may be cut at any place,
/// and goes on behind the last step that was committed.
///
/// Sending a message waits for none of it, however many follow.
package struct MessageNotices {
    /// Called by what was told first: a job may have been noted by a server that told nothing else.
    package static let job = "chat.replies"
    /// Jobs of one room wait for each other while they hold connections: they have few places, and those alone.
    package static let queue = "chat"
    private let services: IdentityServices
    private let stepSize: Int

    package init(_ services: IdentityServices, stepSize: Int = 500) {
        self.services = services
        self.stepSize = stepSize
    }

    static func task(_ message: UUID) -> NewJob {
        var task = NewJob(job, payload: JSONText(#""\#(message)""#))
        task.queue = queue
        return task
    }

    package func run(_ job: Job) async throws {
        guard let message = UUID(String(job.payload.text.drop { $0 == "\"" }.prefix { $0 != "\"" })) else { return }
        while try await step(message) { try Task.checkCancellation() }
    }

    /// False when there is nothing more to be done.
    private func step(_ id: UUID) async throws -> Bool {
        let (services, size) = (services, stepSize)
        return try await services.database.pool.transaction { transaction in
            guard let notice = try await transaction.lockMessageNotice(id) else { return false }
            guard notice.message.deletedAt == nil else {
                try await transaction.endMessageNotice(id)
                return false
            }
            let listeners = try await transaction.listeners(to: notice, limit: size)
            let notes = try await notes(notice, listeners, in: transaction)
            let isLast = listeners.count < size
            if isLast {
                try await transaction.endMessageNotice(id)
            } else if let last = listeners.last {
                try await transaction.advanceMessageNotice(id, past: last.userID)
            }
            let events = try await Notify(services).write(notes, in: transaction)
            try await transaction.append(events, waking: services.database.events)
            return !isLast
        }
    }

    /// Each is told once: that they are spoken of, which was told with the message, or that they are answered, or of a thread that
    /// they follow, or of the room.
    private func notes(
        _ notice: MessageNoticeRow,
        _ listeners: [MessageListenerRow],
        in transaction: Transaction
    ) async throws -> [NewNotification] {
        let message = notice.message
        let toldAlready = Set(notice.mentions + (message.authorID.map { [$0] } ?? []))
        // Whoever is answered is told with the first step, by whatever they follow.
        let answered = [notice.answeredID].compactMap { notice.toldThrough == nil ? $0 : nil }
            .filter { !toldAlready.contains($0) }
        // Who wants nothing of a thread hears nothing of it, whatever they want of its room.
        let listening = listeners.filter { listener in
            !toldAlready.contains(listener.userID) && listener.userID != notice.answeredID
                && listener.followsThread != false
        }
        let people = answered + listening.map(\.userID)
        guard !people.isEmpty else { return [] }
        try await transaction.holdReading(of: message.roomID, by: people)
        // Whoever has read it by now is told nothing: there is nothing that they could read to have done with it.
        let seeing = try await transaction.rooms(people.map { RoomView(room: message.roomID, user: $0) })
        let waiting = Set(seeing.filter { $0.value.lastReadSeq < message.seq }.keys.map(\.user))
        guard !waiting.isEmpty else { return [] }
        let author = try await author(of: message, in: transaction)
        func note(
            _ kind: NotificationKind,
            _ people: [UUID],
            _ english: NotificationWords,
            _ german: NotificationWords,
            _ thread: String
        ) -> NewNotification {
            NewNotification(
                kind,
                to: people.filter(waiting.contains),
                english,
                german: german,
                actor: message.authorID,
                subject: (prefix: "msg", id: message.id),
                room: message.roomID,
                repetition: .thread(thread)
            )
        }
        let thread = "thread:\(message.threadRootID ?? message.id)"
        return [
            note(
                .reply,
                answered,
                NotificationWords("\(author.english) replied to you"),
                NotificationWords("\(author.german) hat Ihnen geantwortet"),
                "reply:\(message.roomID)"
            ),
            note(
                .reply,
                listening.filter { $0.followsThread == true }.map(\.userID),
                NotificationWords("\(author.english) replied in a thread that you follow"),
                NotificationWords("\(author.german) hat in einem Thema geantwortet, dem Sie folgen"),
                thread
            ),
            note(
                notice.isInChannel ? .channelMessage : .directMessage,
                listening.filter { $0.followsThread == nil }.map(\.userID),
                notice.isInChannel ? .inChannel(by: author.english) : .direct(by: author.english),
                notice.isInChannel ? .inChannelInGerman(by: author.german) : .directInGerman(by: author.german),
                "room:\(message.roomID)"
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

/// Of messages that say nothing of whoever is told: who wrote the last of them, and how many there are; never what or where.
extension NotificationWords {
    fileprivate static func direct(by name: String) -> NotificationWords {
        NotificationWords("\(name) wrote to you", countedTitle: " new messages, the last by \(name)")
    }

    fileprivate static func directInGerman(by name: String) -> NotificationWords {
        NotificationWords("\(name) hat Ihnen geschrieben", countedTitle: " neue Nachrichten, die letzte von \(name)")
    }

    fileprivate static func inChannel(by name: String) -> NotificationWords {
        NotificationWords(
            "\(name) wrote in a channel",
            countedTitle: " new messages in a channel, the last by \(name)"
        )
    }

    fileprivate static func inChannelInGerman(by name: String) -> NotificationWords {
        NotificationWords(
            "\(name) hat in einem Kanal geschrieben",
            countedTitle: " neue Nachrichten in einem Kanal, die letzte von \(name)"
        )
    }
}
