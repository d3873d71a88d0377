import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func broadcastCreate(
        _ arguments: MutationBroadcastCreateArguments,
        in context: RequestContext
    ) async throws -> BroadcastCreatePayload? {
        let (services, principal, client) = try await context.actor()
        let input = arguments.input
        let audience: Data.BroadcastAudience
        switch input.audience {
        case .everyone(let isMeant):
            guard isMeant else {
                let error = UserError.invalid("It is for somebody.", ["input", "audience", "everyone"])
                return BroadcastCreatePayload(broadcast: nil, userErrors: [error])
            }
            audience = .everyone
        case .roles(let roles): audience = .roles(roles.map(\.rawValue))
        case .teamId(let id):
            guard let team = id.uuid else {
                return BroadcastCreatePayload(broadcast: nil, userErrors: [.notFound(["input", "audience", "teamId"])])
            }
            audience = .team(team)
        }
        let broadcast = BroadcastCreate.Input(
            title: input.title,
            body: input.body,
            channels: Set(input.channels.compactMap { NotificationKind.Channel(rawValue: $0.rawValue) }),
            audience: audience,
            sendAt: input.sendAt.given?.timestamp
        )
        return try await context.once(principal, client) { row, errors in
            BroadcastCreatePayload(broadcast: row.map { BroadcastItem(row: $0) }, userErrors: errors)
        } again: { node in
            if case .broadcast(let broadcast) = node { broadcast.row } else { nil }
        } do: { client in
            try await BroadcastCreate(services, principal, from: client).run(broadcast)
        }
    }

    static func broadcastCancel(
        _ arguments: MutationBroadcastCancelArguments,
        in context: RequestContext
    ) async throws -> BroadcastCancelPayload? {
        let (services, principal, client) = try await context.actor()
        guard let id = arguments.id.uuid else {
            return BroadcastCancelPayload(broadcast: nil, userErrors: [.notFound(["id"])])
        }
        return try await BroadcastCancel(services, principal, from: client).run(id).payload { row, errors in
            BroadcastCancelPayload(broadcast: row.map { BroadcastItem(row: $0) }, userErrors: errors)
        }
    }
}
