internal import Data

/// What somebody is in a group.
package enum GroupRole: String, CaseIterable, Sendable, Comparable {
    case member = "MEMBER"
    case moderator = "MODERATOR"
    case admin = "ADMIN"
    case owner = "OWNER"

    package static func < (one: GroupRole, other: GroupRole) -> Bool { one.rank < other.rank }

    /// Nobody changes those who stand as high as they do.
    fileprivate var rank: Int {
        switch self {
        case .member: 0
        case .moderator: 1
        case .admin: 2
        case .owner: 3
        }
    }
}

/// Something that one may be allowed to do in a group, or in a room.
package enum GroupPermission: String, CaseIterable, Sendable {
    case read = "GROUP_READ"
    case update = "GROUP_UPDATE"
    case memberManage = "GROUP_MEMBER_MANAGE"
    case channelManage = "GROUP_CHANNEL_MANAGE"
    case moderate = "GROUP_MODERATE"
    case delete = "GROUP_DELETE"
    case roomPost = "ROOM_POST"
    case roomAnnounce = "ROOM_ANNOUNCE"
    case roomCall = "ROOM_CALL"
    case roomPin = "ROOM_PIN"
    case roomModerate = "ROOM_MODERATE"

    /// The matrix of docs/chat.md: whoever stands higher may what those below may.
    fileprivate var least: GroupRole {
        switch self {
        case .read, .roomPost, .roomCall: .member
        case .moderate, .roomAnnounce, .roomPin, .roomModerate: .moderator
        case .update, .memberManage, .channelManage: .admin
        case .delete: .owner
        }
    }

    /// What a room of no group allows those who are in it; nil for what only groups have.
    package var isOfEveryParty: Bool? {
        switch self {
        case .roomPost, .roomCall, .roomPin: true
        case .roomAnnounce, .roomModerate: false
        case .read, .update, .memberManage, .channelManage, .moderate, .delete: nil
        }
    }

    /// The names of the roles that hold it, for statements.
    package var roles: [String] { GroupRole.allCases.filter { $0.may(self) }.map(\.rawValue) }
}

extension GroupRole {
    package func may(_ permission: GroupPermission) -> Bool { self >= permission.least }
}

extension GroupRow {
    /// Nil for strangers, and for a role that this version does not know.
    package var standing: GroupRole? { role.flatMap(GroupRole.init) }

    package func allows(_ permission: GroupPermission) -> Bool { standing?.may(permission) ?? false }
}

/// The ranks of a group, of those who do not belong to it too.
enum GroupRank {
    static func of(_ role: String?) -> Int { role.flatMap(GroupRole.init)?.rank ?? -1 }
}
