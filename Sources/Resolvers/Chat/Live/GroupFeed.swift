import Actions
import Data
import GraphQLEngine
import GraphQLSchema
import PostgresClient

extension Subscription {
    static func groupEvents(
        _ arguments: SubscriptionGroupEventsArguments,
        in context: RequestContext
    ) async throws -> LiveEvents<GroupEvent> {
        let principal = try await context.signedIn()
        let unknown = GraphQLError("The group is not there.", extensions: ["code": .string("NOT_FOUND")])
        guard let group = arguments.groupId.uuid else { throw unknown }
        let feed = try await GroupFeed.open(group, after: arguments.after, for: principal, in: context)
        // Asked behind the subscription: whoever is taken out from here on is told so.
        guard try await GroupFeed.group(group, seenBy: principal.user.id, in: context) != nil else { throw unknown }
        return feed
    }
}

/// What happens to a group, told to those who belong to it at that moment: what they may not see is passed over.
enum GroupFeed {
    static func open(
        _ group: UUID,
        after: String?,
        for principal: Principal,
        in context: RequestContext
    ) async throws -> LiveEvents<GroupEvent> {
        let viewer = principal.user.id
        return try await LiveEvents(
            NewEvent.groupTopic(group),
            after: after,
            for: principal,
            in: context,
            control: { control in
                switch control {
                case .caughtUp(let told): .caughtUp(told)
                case .resyncRequired(let told): .resyncRequired(told)
                }
            },
            event: { place in try await told(place, of: group, to: viewer, in: context) },
            isLast: { if case .accessRevoked = $0 { true } else { false } }
        )
    }

    /// Nil for those who do not belong to it.
    fileprivate static func group(
        _ id: UUID,
        seenBy viewer: UUID,
        in context: RequestContext
    ) async throws -> GroupItem? {
        let row = try await context.databaseInUse().session.groups([id], visibleTo: viewer).first
        return row.flatMap { $0.role == nil ? nil : GroupItem(row: $0, viewer: viewer) }
    }

    private static func told(
        _ place: LivePlace,
        of id: UUID,
        to viewer: UUID,
        in context: RequestContext
    ) async throws -> GroupEvent? {
        let (cursor, time) = (place.cursor, place.occurredAt)
        guard let group = try await group(id, seenBy: viewer, in: context) else {
            return .accessRevoked(AccessRevoked(cursor: cursor, occurredAt: time, reason: .notAMember))
        }
        let session = try context.databaseInUse().session
        let payload = try RoomEventPayload(place.event.payload)
        switch place.event.kind {
        case "GroupChanged": return .groupChanged(GroupChanged(cursor: cursor, occurredAt: time, group: group))
        case "GroupMemberChanged":
            guard let user = payload.id("user") else { return nil }
            let member = try await session.groupMember(user, of: id)
            let row = try await session.users([user]).first { $0.status != "DELETED" }
            return .groupMemberChanged(
                GroupMemberChanged(
                    cursor: cursor,
                    occurredAt: time,
                    user: row.map { User($0, seesAll: user == viewer) },
                    member: member.map { GroupMemberItem(row: $0, viewer: viewer) }
                )
            )
        case "GroupJoinRequested":
            guard let request = payload.id("request"),
                let row = try await session.joinRequests(
                    [request],
                    visibleTo: viewer,
                    deciding: GroupPermission.memberManage.roles
                ).first
            else { return nil }
            return .groupJoinRequested(
                GroupJoinRequested(cursor: cursor, occurredAt: time, joinRequest: JoinRequestItem(row, viewer))
            )
        case "ChannelChanged":
            guard let room = payload.id("room"),
                let channel = try await session.rooms([room], visibleTo: viewer).first
                    .flatMap({ ChannelItem($0, viewer) })
            else { return nil }
            return .channelChanged(ChannelChanged(cursor: cursor, occurredAt: time, channel: channel))
        case "ChannelDeleted":
            guard let room = payload.id("room"), !payload.flag("private") || group.row.allows(.channelManage) else {
                return nil
            }
            return .channelDeleted(
                ChannelDeleted(cursor: cursor, occurredAt: time, channelId: ChannelID(room))
            )
        default: return nil
        }
    }
}
