import Actions
import GraphQLEngine

extension Mutation {
    static func pushSubscribe(
        _ arguments: MutationPushSubscribeArguments,
        in context: RequestContext
    ) async throws -> PushSubscribePayload? {
        let (services, _) = try context.identityServices()
        let action = PushSubscribe(services, context.push, try await context.signedIn())
        let input = PushSubscribe.Input(
            endpoint: arguments.input.endpoint,
            p256dh: arguments.input.p256dh,
            auth: arguments.input.auth,
            deviceName: arguments.input.deviceName.given
        )
        return try await action.run(input).payload { row, errors in
            PushSubscribePayload(subscription: row.map { PushSubscriptionItem(row: $0) }, userErrors: errors)
        }
    }

    static func pushUnsubscribe(
        _ arguments: MutationPushUnsubscribeArguments,
        in context: RequestContext
    ) async throws -> PushUnsubscribePayload? {
        let (services, _) = try context.identityServices()
        let action = PushSubscribe(services, context.push, try await context.signedIn())
        guard let id = arguments.id.uuid, try await action.end(id) else {
            return PushUnsubscribePayload(deletedId: nil, userErrors: [.notFound(["id"])])
        }
        return PushUnsubscribePayload(deletedId: arguments.id, userErrors: [])
    }
}
