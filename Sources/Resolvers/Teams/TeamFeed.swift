import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient

extension Subscription {
    static func teamEvents(
        _ arguments: SubscriptionTeamEventsArguments,
        in context: RequestContext
    ) async throws -> LiveEvents<TeamEvent> {
        let principal = try await context.signedIn()
        let unknown = GraphQLError("The team is not there.", extensions: ["code": .string("NOT_FOUND")])
        guard let team = arguments.teamId.uuid else { throw unknown }
        let feed = try await TeamFeed.open(team, after: arguments.after, for: principal, in: context)
        // Asked behind the subscription: whoever is taken out from here on is told so.
        guard try await context.teamScopes([team])[team] != nil else { throw unknown }
        return feed
    }
}

/// What happens in a team, told to those who belong to it at that moment, as far as their role lets them know.
enum TeamFeed {
    static func open(
        _ team: UUID,
        after: String?,
        for principal: Principal,
        in context: RequestContext
    ) async throws -> LiveEvents<TeamEvent> {
        let viewer = principal.user.id
        return try await LiveEvents(
            NewEvent.teamTopic(team),
            after: after,
            for: principal,
            in: context,
            control: { control in
                switch control {
                case .caughtUp(let told): .caughtUp(told)
                case .resyncRequired(let told): .resyncRequired(told)
                }
            },
            event: { place in try await told(place, of: team, to: viewer, in: context) },
            isLast: { if case .accessRevoked = $0 { true } else { false } }
        )
    }

    private static func told(
        _ place: LivePlace,
        of team: UUID,
        to viewer: UUID,
        in context: RequestContext
    ) async throws -> TeamEvent? {
        let (cursor, time) = (place.cursor, place.occurredAt)
        let session = try context.databaseInUse().session
        guard let scope = try await session.teamScopes(of: viewer, in: [team])[team] else {
            return .accessRevoked(AccessRevoked(cursor: cursor, occurredAt: time, reason: .notAMember))
        }
        let payload = try RoomEventPayload(place.event.payload)
        switch place.event.kind {
        case "TeamChanged":
            return .teamChanged(TeamChanged(cursor: cursor, occurredAt: time, team: TeamModel(scope: scope)))
        case "TeamMemberChanged":
            guard let user = payload.id("user") else { return nil }
            let member = try await session.teamMember(user, in: scope)
            let row = try await session.users([user]).first { $0.status != "DELETED" }
            return .teamMemberChanged(
                TeamMemberChanged(
                    cursor: cursor,
                    occurredAt: time,
                    user: row.map { User($0, seesAll: user == viewer) },
                    member: member.map { TeamMemberModel(scope: scope, row: $0) }
                )
            )
        case "TeamInviteChanged":
            guard TeamModel(scope: scope).viewerMay(.invite), let id = payload.id("invite"),
                let row = try await session.teamInvites([id]).first
            else { return nil }
            return .teamInviteChanged(
                TeamInviteChanged(cursor: cursor, occurredAt: time, invite: TeamInviteModel(scope: scope, row: row))
            )
        default: return nil
        }
    }
}
