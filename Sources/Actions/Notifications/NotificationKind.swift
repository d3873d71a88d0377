/// What a notification is of, which decides how it is told. Every kind that the product has stands here; programs of
/// those who run it have others.
package struct NotificationKind: Sendable, Equatable {
    package enum Category: String, Sendable, CaseIterable {
        case security = "SECURITY"
        case mention = "CHAT_MENTION"
        case reply = "CHAT_REPLY"
        case direct = "CHAT_DIRECT"
        case channel = "CHAT_CHANNEL"
        case call = "CALL"
        case team = "TEAM"
        case system = "SYSTEM"

        /// Whether nobody can go without it.
        package func isLocked(on channel: Channel) -> Bool { self == .security && channel != .push }

        /// Whether it tells of what people see anyway who look at their rooms: they get a while to do so.
        var isOfRooms: Bool { self == .mention || self == .reply || self == .call || isOfAllMessages }

        /// Whether it tells of messages that neither speak of its reader nor answer them.
        private var isOfAllMessages: Bool { self == .direct || self == .channel }

        /// Whether it comes by a channel to those who have not said. Nobody gets a mail of their own for each room in which
        /// something was said: what is said there stands in the digest of those who want digests.
        package func isOn(_ channel: Channel, digest: String) -> Bool {
            !isOfAllMessages || channel != .email || !["IMMEDIATE", "OFF"].contains(digest)
        }

        /// Whether it is told of what somebody does to another: not to those who have blocked them.
        var heedsBlocks: Bool { isOfRooms || self == .team }

        static let heedingBlocks = allCases.filter(\.heedsBlocks).map(\.rawValue)
    }

    package enum Channel: String, Sendable, CaseIterable {
        case inApp = "IN_APP"
        case email = "EMAIL"
        case push = "PUSH"
    }

    package enum Priority: String, Sendable {
        case low = "LOW"
        case normal = "NORMAL"
        case high = "HIGH"
        case critical = "CRITICAL"
    }

    /// A name for programs, which stays.
    package let type: String
    package let category: Category
    package let priority: Priority
    /// By what it is brought, as far as its readers want that.
    var channels = Channel.allCases

    /// Somebody signed in by a program that the account was never used by.
    package static let newDevice = NotificationKind(type: "session.new_device", category: .security, priority: .high)
    /// A session was ended because its token was used twice.
    package static let tokenReused = NotificationKind(
        type: "session.token_reused",
        category: .security,
        priority: .critical
    )
    /// Sign-ins ask for a second step now, or do so no more, or one was taken by a recovery code.
    package static let mfaChanged = NotificationKind(type: "account.mfa", category: .security, priority: .critical)
    /// The platform tells many of something.
    package static let announcement = NotificationKind(
        type: "system.announcement",
        category: .system,
        priority: .normal
    )
    /// There is another way into the account, or one less: an account elsewhere, a key of a program.
    /// A mail of its own tells of it, in the reader's language.
    package static let accessChanged = NotificationKind(
        type: "account.access",
        category: .security,
        priority: .high,
        channels: [.inApp, .push]
    )
    /// Somebody wrote of the user.
    package static let mention = NotificationKind(type: "chat.mention", category: .mention, priority: .normal)
    /// Somebody answered a message of the user, or wrote in a thread that they follow.
    package static let reply = NotificationKind(type: "chat.reply", category: .reply, priority: .normal)
    /// Somebody wrote in a direct room or a conversation of the user.
    package static let directMessage = NotificationKind(type: "chat.direct", category: .direct, priority: .normal)
    /// Somebody wrote in a channel of which the user wants to be told everything.
    package static let channelMessage = NotificationKind(type: "chat.channel", category: .channel, priority: .normal)
    /// A call that rang in vain.
    package static let missedCall = NotificationKind(type: "call.missed", category: .call, priority: .high)
    /// An invitation into a team, which has a mail of its own.
    package static let teamInvite = NotificationKind(
        type: "team.invite",
        category: .team,
        priority: .normal,
        channels: [.inApp, .push]
    )
    /// Somebody is something else in a team now, or belongs to it no more.
    package static let teamMembership = NotificationKind(type: "team.membership", category: .team, priority: .normal)

    static let all = [
        newDevice, tokenReused, mfaChanged, announcement, accessChanged, mention, reply, directMessage,
        channelMessage, missedCall, teamInvite, teamMembership,
    ]
}
