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

extension PushSubscribe.Fault: UserFault {
    var userError: UserError {
        func invalid(_ field: String, _ message: String) -> UserError {
            .invalidInputError(InvalidInputError(code: .invalidInput, message: message, path: ["input", field]))
        }
        return switch self {
        case .badEndpoint: invalid("endpoint", "Messages cannot be sent there.")
        case .badKeys: invalid("p256dh", "These are no keys of a browser.")
        case .badName: invalid("deviceName", "Must have at most 80 characters, all of them visible.")
        case .tooMany(let limit):
            .quotaExceededError(
                QuotaExceededError(
                    code: .quotaExceeded,
                    message: "So many browsers take messages already.",
                    path: ["input"],
                    feature: "pushSubscriptions",
                    limit: BigInt(limit),
                    used: BigInt(limit)
                )
            )
        case .notSent:
            .forbiddenError(
                ForbiddenError(code: .forbidden, message: "This server sends no pushes.", path: ["input"])
            )
        }
    }
}
