import Actions
import Data
import GraphQLEngine
import PostgresClient

/// The model of ScheduledMessage.
struct ScheduledMessageItem: Sendable {
    let row: ScheduledMessageRow

    var id: ScheduledMessageID { ScheduledMessageID(row.id) }
    var body: String { row.body }
    var sendAt: DateTime { DateTime(row.sendAt) }
    var status: ScheduledMessageStatus { ScheduledMessageStatus(rawValue: row.status) ?? .failed }
    var failureReason: String? { row.failure }

    static func room(
        of parents: Batch<ScheduledMessageItem>,
        in context: RequestContext
    ) async throws -> Results<Room?> {
        guard let viewer = parents.first?.row.authorID else { return Results(reserving: 0) }
        let ids = Set(parents.map(\.row.roomID)).sorted()
        let rows = try await context.databaseInUse().session.rooms(ids, visibleTo: viewer)
        let rooms = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
        return parents.results { parent in rooms[parent.row.roomID].flatMap { Room($0, viewer) } }
    }

    static func replyTo(
        of parents: Batch<ScheduledMessageItem>,
        in context: RequestContext
    ) async throws -> Results<MessageItem?> {
        guard let viewer = parents.first?.row.authorID else { return Results(reserving: 0) }
        let messages = try await MessageItem.visible(parents.map(\.row.replyToID), to: viewer, in: context)
        return parents.results { parent in parent.row.replyToID.flatMap { messages[$0] } }
    }
}

extension ScheduledMessageID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("later", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("later", rawValue) }
}

extension NodeKind {
    /// The viewer's own.
    static let scheduledMessage = NodeKind(prefix: "later") { ids, context in
        let viewer = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.scheduledMessages(ids, of: viewer)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .scheduledMessage(ScheduledMessageItem(row: $0))) })
    }
}

extension Viewer {
    static func scheduledMessages(
        of parents: Batch<Viewer>,
        _ arguments: ViewerScheduledMessagesArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<ScheduledMessageItem>> {
        let request = try context.page(arguments.first, after: arguments.after)
        let session = try context.databaseInUse().session
        return await parents.oneByOne { parent in
            guard let viewer = parent.user.id.uuid else { throw AccessRefusal.unauthenticated }
            let page = try await session.scheduledMessages(of: viewer, request)
            return Connection(page.map { ScheduledMessageItem(row: $0) })
        }
    }
}

extension Mutation {
    static func messageSchedule(
        _ arguments: MutationMessageScheduleArguments,
        in context: RequestContext
    ) async throws -> MessageSchedulePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        let (target, thread) = (input.replyToId.value, input.threadId.value)
        for (isWrong, field) in [
            (input.roomId.room == nil, "roomId"), (target != nil && target?.uuid == nil, "replyToId"),
            (thread != nil && thread?.uuid == nil, "threadId"),
        ] where isWrong {
            return MessageSchedulePayload(scheduledMessage: nil, userErrors: [.notFound(["input", field])])
        }
        guard let room = input.roomId.room else { return nil }
        let message = MessageSchedule.Input(
            roomID: room,
            body: input.body,
            replyToID: target?.uuid,
            threadID: thread?.uuid,
            sendAt: input.sendAt.timestamp
        )
        let schedule = MessageSchedule(services, principal, from: client)
        return try await schedule.run(message).payload { row, errors in
            MessageSchedulePayload(scheduledMessage: row.map { ScheduledMessageItem(row: $0) }, userErrors: errors)
        }
    }

    static func scheduledMessageCancel(
        _ arguments: MutationScheduledMessageCancelArguments,
        in context: RequestContext
    ) async throws -> ScheduledMessageCancelPayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.id.uuid else {
            return ScheduledMessageCancelPayload(scheduledMessage: nil, userErrors: [.notFound(["id"])])
        }
        return try await MessageSchedule(services, principal, from: client).cancel(id).payload { row, errors in
            ScheduledMessageCancelPayload(
                scheduledMessage: row.map { ScheduledMessageItem(row: $0) },
                userErrors: errors
            )
        }
    }
}
