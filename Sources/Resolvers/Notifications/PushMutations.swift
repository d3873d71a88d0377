import Actions
import GraphQLEngine

extension Mutation {
    static func pushSubscribe(
        _ arguments: MutationPushSubscribeArguments,
        in context: RequestContext
    ) async throws -> PushSubscribePayload? {
        let (services, _) = try context.identityServices()
        let action = PushSubscribe(services, context.push, try await context.signedIn())
        let device: PushSubscribe.Device
        let name: String?
        switch arguments.input {
        case .webPush(let browser):
            device = .browser(endpoint: browser.endpoint, p256dh: browser.p256dh, auth: browser.auth)
            name = browser.deviceName.given
        case .fcm(let app): (device, name) = (.app(token: app.token), app.deviceName.given)
        }
        return try await action.run(device, named: name).payload { row, errors in
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
