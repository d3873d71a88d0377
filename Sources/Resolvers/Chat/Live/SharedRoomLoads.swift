import Data
import EventLoop
import PostgresClient

/// What listeners of rooms read together: whoever asks in the same turn of the loop shares a statement.
struct SharedRoomLoads: Sendable {
    let loop: EventLoop
    /// Rooms as somebody sees them.
    let views: SharedLoad<RoomView, RoomRow>
    /// Messages, for those who were found to see their rooms.
    let messages: SharedLoad<UUID, MessageRow>
    let users: SharedLoad<UUID, UserRow>
    /// Calls, for those who were found to see their rooms.
    let calls: SharedLoad<UUID, CallRow>
    /// Counts of reactions, as nobody in particular sees them.
    let reactions: SharedLoad<UUID, [ReactionRow]>
    let revisions: SharedLoad<UUID, [MessageRevisionRow]>
    /// The emoji with which somebody has reacted to a message.
    let ownReactions: SharedLoad<Own, Set<String>>

    let presences: SharedLoad<PresenceView, PresenceRow>

    let attachments: SharedLoad<UUID, [AttachmentRow]>
    let mentions: SharedLoad<UUID, [MentionRow]>
    let threads: SharedLoad<UUID, ThreadRow>
    /// Whether somebody has starred a message.
    let stars: SharedLoad<Own, Bool>
    /// Whether somebody follows a thread, and how much of it they have not read.
    let following: SharedLoad<ThreadView, Bool>
    let unreadReplies: SharedLoad<ThreadView, Int>

    struct Own: Hashable, Sendable {
        let message: UUID
        let user: UUID
    }

    init(_ database: Database, _ loop: EventLoop) {
        self.loop = loop
        views = SharedLoad(on: loop) { try await database.session.rooms($0) }
        messages = SharedLoad(on: loop) { ids in
            let rows = try await database.session.messagesForAll(ids)
            return Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
        }
        users = SharedLoad(on: loop) { ids in
            let rows = try await database.session.users(ids)
            return Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
        }
        calls = SharedLoad(on: loop) { ids in
            let rows = try await database.session.callsForAll(ids)
            return Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
        }
        reactions = SharedLoad(on: loop) { ids in
            let rows = try await database.session.reactions(to: ids, seenBy: UUID(high: 0, low: 0))
            return Dictionary(grouping: rows, by: \.messageID)
        }
        revisions = SharedLoad(on: loop) { ids in
            let rows = try await database.session.revisions(of: ids, limit: MessageItem.mostRevisions)
            return Dictionary(grouping: rows, by: \.messageID)
        }
        presences = SharedLoad(on: loop) { try await database.session.presences($0) }
        attachments = SharedLoad(on: loop) { ids in
            Dictionary(grouping: try await database.session.attachments(of: ids), by: \.messageID)
        }
        mentions = SharedLoad(on: loop) { ids in
            Dictionary(grouping: try await database.session.mentions(in: ids), by: \.messageID)
        }
        threads = SharedLoad(on: loop) { ids in
            let rows = try await database.session.threads(of: ids)
            return Dictionary(rows.map { ($0.rootID, $0) }) { first, _ in first }
        }
        stars = SharedLoad(on: loop) { pairs in
            let rows = try await database.session.starred(pairs.map(\.message), by: pairs.map(\.user))
            return Dictionary(rows.map { (Own(message: $0.message, user: $0.user), true) }) { first, _ in first }
        }
        following = SharedLoad(on: loop) { views in
            Dictionary(uniqueKeysWithValues: try await database.session.followed(views).map { ($0, true) })
        }
        unreadReplies = SharedLoad(on: loop) { try await database.session.unreadReplies($0) }
        ownReactions = SharedLoad(on: loop) { pairs in
            let rows = try await database.session.reactions(to: pairs.map(\.message), of: pairs.map(\.user))
            return Dictionary(grouping: rows) { Own(message: $0.messageID, user: $0.userID) }
                .mapValues { Set($0.map(\.emoji)) }
        }
    }
}
