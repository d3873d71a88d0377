import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient

extension Subscription {
    static func viewerEvents(
        _ arguments: SubscriptionViewerEventsArguments,
        in context: RequestContext
    ) async throws -> LiveEvents<ViewerEvent> {
        let principal = try await context.signedIn()
        let user = principal.user.id
        return try await LiveEvents(
            NewEvent.userTopic(user),
            after: arguments.after,
            for: principal,
            in: context,
            control: { control in
                switch control {
                case .caughtUp(let told): .caughtUp(told)
                case .resyncRequired(let told): .resyncRequired(told)
                }
            },
            event: { place in try await ViewerEvent.of(place, user, in: context) }
        )
    }
}

extension ViewerEvent {
    /// Nil for events of kinds that have no type here.
    fileprivate static func of(
        _ place: LivePlace,
        _ user: UUID,
        in context: RequestContext
    ) async throws -> ViewerEvent? {
        let session = try context.databaseInUse().session
        let payload = try RoomEventPayload(place.event.payload)
        switch place.event.kind {
        case "GroupMembershipChanged":
            guard let id = payload.id("group") else { return nil }
            let row = try await session.groups([id], visibleTo: user).first { $0.role != nil }
            return .groupMembershipChanged(
                GroupMembershipChanged(
                    cursor: place.cursor,
                    occurredAt: place.occurredAt,
                    groupId: GroupID(id),
                    group: row.map { GroupItem(row: $0, viewer: user) }
                )
            )
        case "RoomMembershipChanged":
            guard let id = payload.id("room") else { return nil }
            let row = try await session.rooms([id], visibleTo: user).first
            return .roomMembershipChanged(
                RoomMembershipChanged(
                    cursor: place.cursor,
                    occurredAt: place.occurredAt,
                    roomId: ID(rawValue: RoomGlobalID.text(id)),
                    room: row.flatMap { Room($0, user) }
                )
            )
        case "UnreadChanged":
            guard let id = payload.id("room") else { return nil }
            let row = try await session.rooms([id], visibleTo: user).first
            return .unreadChanged(
                UnreadChanged(
                    cursor: place.cursor,
                    occurredAt: place.occurredAt,
                    roomId: ID(rawValue: RoomGlobalID.text(id)),
                    room: row.flatMap { Room($0, user) }
                )
            )
        case "RoomPreferencesChanged":
            guard let id = payload.id("room") else { return nil }
            let row = try await session.rooms([id], visibleTo: user).first
            return .roomPreferencesChanged(
                RoomPreferencesChanged(
                    cursor: place.cursor,
                    occurredAt: place.occurredAt,
                    roomId: ID(rawValue: RoomGlobalID.text(id)),
                    room: row.flatMap { Room($0, user) }
                )
            )
        case "TeamMembershipChanged":
            guard let id = payload.id("team") else { return nil }
            let scope = try await session.teamScopes(of: user, in: [id])[id]
            return .teamMembershipChanged(
                TeamMembershipChanged(
                    cursor: place.cursor,
                    occurredAt: place.occurredAt,
                    teamId: TeamID(id),
                    team: scope.map { TeamModel(scope: $0) }
                )
            )
        default:
            switch try await NotificationEvent.of(place, user, in: context) {
            case .notificationCreated(let told): return .notificationCreated(told)
            case .notificationChanged(let told): return .notificationChanged(told)
            default: return nil
            }
        }
    }
}
