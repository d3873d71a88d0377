internal import Data
internal import EventLoop
package import PostgresClient

/// Tells those who listen that somebody writes, or does no more. Nothing of it is kept.
package struct TypingSet {
    /// Between two signals of one person in one room.
    private static let interval = Duration.seconds(3)
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// Until when others take them to be writing. What comes too soon after the last signal is answered and told to nobody,
    /// without a statement.
    package func run(_ room: UUID, isTyping: Bool) async throws -> Result<Timestamp, ChatFaults> {
        let options = work.services.options
        let signals = work.services.database.events.signals
        let (key, told) = ("typing:\(room):\(work.user)", "typed:\(room):\(work.user)")
        let lasting = Duration.seconds(options.typingSeconds)
        let expiresAt = Timestamp(microseconds: work.now.microseconds + options.typingSeconds * 1_000_000)
        if isTyping {
            guard signals.throttle.admits(key, 1, per: Self.interval, on: signals.loop) else {
                return .success(expiresAt)
            }
        } else {
            guard signals.throttle.left(of: told, on: signals.loop) != nil else {
                return .success(work.now)
            }
            // Before anything is waited for: those that come meanwhile are told to nobody.
            signals.throttle.forget(told)
        }
        let (count, all) = (options.typingPerMinute, "typing:\(work.user)")
        guard signals.throttle.admits(all, count, per: .seconds(60), on: signals.loop) else {
            signals.throttle.forget(key)
            let left = signals.throttle.left(of: all, on: signals.loop) ?? 0
            throw TooManyRequests(retryAfterSeconds: max(1, Int((left + 999_999_999) / 1_000_000_000)))
        }
        if let fault = try await hindrance(room) {
            signals.throttle.forget(key)
            return .failure(ChatFaults(fault))
        }
        if isTyping {
            signals.throttle.forget(told)
            _ = signals.throttle.admits(told, 1, per: lasting, on: signals.loop)
        }
        let until = isTyping ? expiresAt : work.now
        signals.send("\(work.user) \(isTyping ? 1 : 0) \(until.microseconds)", to: TypingSignal.topic(room))
        work.services.database.events.presence.noteActivity(of: work.user)
        return .success(until)
    }

    /// What keeps them from writing to the room.
    private func hindrance(_ room: UUID) async throws -> ChatFault? {
        let path = ["roomId"]
        guard let admitted = try await work.services.database.session.admission(of: work.user, to: room) else {
            return .notFound(path)
        }
        guard admitted.room.acceptsMessages, admitted.room.archivedAt == nil else { return .forbidden(path) }
        return work.block(admitted, path) ?? work.timeOut(admitted, path)
    }
}

/// Somebody writes in a room, or does no more.
package struct TypingSignal: Sendable {
    package let room: UUID
    package let user: UUID
    package let isTyping: Bool
    package let expiresAt: Timestamp

    package static func topic(_ room: UUID) -> String { "typing:\(room)" }

    /// Nil for what is none.
    package init?(topic: String, text: String) {
        let parts = text.split(separator: " ")
        guard topic.hasPrefix("typing:"), let room = UUID(String(topic.dropFirst(7))), parts.count == 3,
            let user = UUID(String(parts[0])), let time = Int64(parts[2])
        else { return nil }
        self.room = room
        self.user = user
        isTyping = parts[1] == "1"
        expiresAt = Timestamp(microseconds: time)
    }
}
