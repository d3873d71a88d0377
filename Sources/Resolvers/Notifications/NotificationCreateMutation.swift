import Actions
import GraphQLEngine

extension Mutation {
    static func notificationCreate(
        _ arguments: MutationNotificationCreateArguments,
        in context: RequestContext
    ) async throws -> NotificationCreatePayload? {
        let (services, principal, client) = try await context.actor()
        let input = arguments.input
        if let place = input.userIds.firstIndex(where: { $0.uuid == nil }) {
            let error = UserError.notFound(["input", "userIds", "\(place)"])
            return NotificationCreatePayload(createdCount: nil, userErrors: [error])
        }
        guard let category = NotificationKind.Category(rawValue: input.category.rawValue),
            let priority = NotificationKind.Priority(rawValue: input.priority.rawValue)
        else { return nil }
        let notification = NotificationCreate.Input(
            userIDs: input.userIds.compactMap(\.uuid),
            category: category,
            type: input.type,
            title: input.title,
            body: input.body,
            actionURL: input.actionUrl.given,
            channels: Set(input.channels.compactMap { NotificationKind.Channel(rawValue: $0.rawValue) }),
            priority: priority,
            key: input.key.given
        )
        return try await NotificationCreate(services, principal, from: client).run(notification).payload {
            count,
            errors in
            NotificationCreatePayload(createdCount: count.map { Int32(clamping: $0) }, userErrors: errors)
        }
    }
}
