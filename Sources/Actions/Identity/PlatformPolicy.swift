package import Data

/// What somebody is on the platform; a person may be several.
package enum PlatformRole: String, CaseIterable, Sendable {
    case member = "MEMBER"
    case student = "STUDENT"
    case tutor = "TUTOR"
    case recruiter = "RECRUITER"
    case moderator = "MODERATOR"
    case support = "SUPPORT"
    case admin = "ADMIN"
    case superAdmin = "SUPER_ADMIN"
}

/// Something that one may be allowed to do everywhere, whoever's it is.
package enum PlatformPermission: String, CaseIterable, Sendable {
    case userRead = "USER_READ"
    case systemRead = "SYSTEM_READ"
    case userManage = "USER_MANAGE"
    case userRoleManage = "USER_ROLE_MANAGE"
    case notificationBroadcast = "NOTIFICATION_BROADCAST"
    case auditRead = "AUDIT_READ"
    case settingManage = "SETTING_MANAGE"
    /// Decide about what is reported, in whichever room; in a group, its roles give the same for its own channels.
    case roomModerate = "ROOM_MODERATE"
}

extension PlatformRole {
    /// The matrix of docs/identity.md.
    package var permissions: Set<PlatformPermission> {
        switch self {
        case .superAdmin: Set(PlatformPermission.allCases)
        case .admin: Set(PlatformPermission.allCases).subtracting([.settingManage])
        case .support: [.userRead, .systemRead]
        case .moderator: [.roomModerate]
        case .member, .student, .tutor, .recruiter: []
        }
    }
}

extension UserRow {
    /// What their roles allow, in the order of the matrix.
    package var permissions: [PlatformPermission] {
        let allowed = roles.compactMap(PlatformRole.init).reduce(into: Set<PlatformPermission>()) {
            $0.formUnion($1.permissions)
        }
        return PlatformPermission.allCases.filter(allowed.contains)
    }
}

extension Principal {
    /// A key of a team allows nothing beyond the team, whoever has made it.
    package func may(_ permission: PlatformPermission) -> Bool {
        !isBoundToTeam && user.permissions.contains(permission)
    }
}
