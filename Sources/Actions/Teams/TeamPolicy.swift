/// What somebody is in a team.
package enum TeamRole: String, CaseIterable, Sendable, Comparable {
    case guest = "GUEST"
    case member = "MEMBER"
    case billing = "BILLING"
    case admin = "ADMIN"
    case owner = "OWNER"

    package static func < (one: TeamRole, other: TeamRole) -> Bool { one.rank < other.rank }

    /// Nobody gives, takes or changes a role above their own.
    private var rank: Int {
        switch self {
        case .guest: 0
        case .member, .billing: 1
        case .admin: 2
        case .owner: 3
        }
    }
}

/// Something that one may be allowed to do in a team.
package enum TeamPermission: String, CaseIterable, Sendable {
    case read = "TEAM_READ"
    case update = "TEAM_UPDATE"
    case memberManage = "TEAM_MEMBER_MANAGE"
    case invite = "TEAM_INVITE"
    case roleManage = "TEAM_ROLE_MANAGE"
    case billing = "TEAM_BILLING"
    case apiKey = "TEAM_API_KEY"
    case webhookManage = "TEAM_WEBHOOK_MANAGE"
    case export = "TEAM_EXPORT"
    case auditRead = "TEAM_AUDIT_READ"
    case delete = "TEAM_DELETE"
}

extension TeamRole {
    /// The matrix of docs/teams.md.
    package var permissions: Set<TeamPermission> {
        switch self {
        case .owner: Set(TeamPermission.allCases)
        case .admin: Set(TeamPermission.allCases).subtracting([.billing, .delete])
        case .billing: [.read, .billing]
        case .member, .guest: [.read]
        }
    }

    package func may(_ permission: TeamPermission) -> Bool { permissions.contains(permission) }
}
