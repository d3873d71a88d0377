import Actions
import Data
import PostgresClient

/// A team the viewer belongs to.
struct TeamModel: Sendable {
    let scope: TeamScope

    var id: TeamID { TeamID(scope.teamID) }
    var name: String { scope.team.name }
    var slug: String { scope.team.slug }
    var description: String { scope.team.description }
    var viewerMembership: TeamMemberModel { TeamMemberModel(scope: scope, row: scope.membership) }
    var viewerPermissions: [Permission] { viewerMembership.permissions }
    var createdAt: DateTime { DateTime(scope.team.createdAt) }
    var updatedAt: DateTime { DateTime(scope.team.updatedAt) }
    var version: Int32 { scope.team.version }

    func viewerMay(_ permission: TeamPermission) -> Bool { scope.allows(permission) }
}

/// A member of a team the viewer belongs to.
struct TeamMemberModel: Sendable {
    let scope: TeamScope
    let row: TeamMemberRow

    var id: TeamMemberID { TeamMemberID(row.id) }
    var team: TeamModel { TeamModel(scope: scope) }
    var role: TeamRole { TeamRole(rawValue: row.role) ?? .guest }
    var joinedAt: DateTime { DateTime(row.joinedAt) }

    /// In the order of the schema.
    var permissions: [Permission] {
        let allowed = Actions.TeamRole(rawValue: row.role)?.permissions ?? []
        return TeamPermission.allCases.filter(allowed.contains).compactMap { Permission(rawValue: $0.rawValue) }
    }
}

/// An invitation that the viewer may see: as a member who may invite, or as whoever was invited.
struct TeamInviteModel: Sendable {
    /// Nil for those who are not in the team.
    let scope: TeamScope?
    let row: TeamInviteRow

    var id: TeamInviteID { TeamInviteID(row.id) }
    var team: TeamModel? { scope.map { TeamModel(scope: $0) } }
    var teamName: String { row.teamName }
    var email: String { row.email }
    var role: TeamRole { TeamRole(rawValue: row.role) ?? .guest }
    var status: TeamInviteStatus { TeamInviteStatus(rawValue: row.status) ?? .revoked }
    var message: String? { row.message }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var expiresAt: DateTime { DateTime(row.expiresAt) }
    var respondedAt: DateTime? { row.respondedAt.map(DateTime.init) }
}

extension TeamID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("team", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("team", rawValue) }
}

extension TeamMemberID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("tmem", id)) }
}

extension TeamInviteID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("tinv", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("tinv", rawValue) }
}
