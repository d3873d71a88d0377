import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func messageSend(
        _ arguments: MutationMessageSendArguments,
        in context: RequestContext
    ) async throws -> MessageSendPayload? {
        let (services, visitor, client) = try await context.visit()
        let input = arguments.input
        guard let room = input.roomId.room else {
            return MessageSendPayload(message: nil, userErrors: [.notFound(["input", "roomId"])])
        }
        var target: UUID?
        if let id = input.replyToId.value {
            guard let message = id.uuid else {
                return MessageSendPayload(message: nil, userErrors: [.notFound(["input", "replyToId"])])
            }
            target = message
        }
        var thread: UUID?
        if let id = input.threadId.value {
            guard let message = id.uuid else {
                return MessageSendPayload(message: nil, userErrors: [.notFound(["input", "threadId"])])
            }
            thread = message
        }
        let files = input.attachments.compactMap(\.fileId.uuid)
        guard files.count == input.attachments.count else {
            return MessageSendPayload(message: nil, userErrors: [.notFound(["input", "attachments"])])
        }
        let message = MessageSend.Input(
            roomID: room,
            body: input.body,
            replyToID: target,
            threadID: thread,
            attachments: zip(files, input.attachments).map { .init(file: $0, caption: $1.caption) },
            nonce: input.nonce.value
        )
        return try await MessageSend(services, visitor, from: client).run(message).payload { row, errors in
            MessageSendPayload(message: row.map { MessageItem(row: $0, viewer: visitor.id) }, userErrors: errors)
        }
    }

    static func messageEdit(
        _ arguments: MutationMessageEditArguments,
        in context: RequestContext
    ) async throws -> MessageEditPayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.input.id.uuid else {
            return MessageEditPayload(message: nil, userErrors: [.notFound(["input", "id"])])
        }
        let change = MessageChange(services, principal, from: client)
        return try await change.edit(id, body: arguments.input.body).payload { row, errors in
            MessageEditPayload(message: row?.item(principal), userErrors: errors)
        }
    }

    static func messageDelete(
        _ arguments: MutationMessageDeleteArguments,
        in context: RequestContext
    ) async throws -> MessageDeletePayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.id.uuid else {
            return MessageDeletePayload(message: nil, userErrors: [.notFound(["id"])])
        }
        return try await MessageChange(services, principal, from: client).delete(id).payload { row, errors in
            MessageDeletePayload(message: row?.item(principal), userErrors: errors)
        }
    }

    static func messagePin(
        _ arguments: MutationMessagePinArguments,
        in context: RequestContext
    ) async throws -> MessagePinPayload? {
        let (services, principal, client) = try await context.chat()
        let mark = MessageMark(services, principal, from: client)
        return try await mark.pin(context.groupAccess(), arguments.pinned).payload { row, errors in
            MessagePinPayload(message: row?.item(principal), userErrors: errors)
        }
    }

    static func messageStar(
        _ arguments: MutationMessageStarArguments,
        in context: RequestContext
    ) async throws -> MessageStarPayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.id.uuid else {
            return MessageStarPayload(message: nil, userErrors: [.notFound(["id"])])
        }
        let mark = MessageMark(services, principal, from: client)
        return try await mark.star(id, arguments.starred).payload { row, errors in
            MessageStarPayload(message: row?.item(principal), userErrors: errors)
        }
    }

    static func draftSave(
        _ arguments: MutationDraftSaveArguments,
        in context: RequestContext
    ) async throws -> DraftSavePayload? {
        let (services, principal, client) = try await context.chat()
        guard let room = arguments.roomId.room else {
            return DraftSavePayload(room: nil, userErrors: [.notFound(["roomId"])])
        }
        let target = arguments.replyToId.value?.uuid
        guard (target == nil) == (arguments.replyToId.value == nil) else {
            return DraftSavePayload(room: nil, userErrors: [.notFound(["replyToId"])])
        }
        let save = DraftSave(services, principal, from: client)
        return try await save.run(room, body: arguments.body, replyTo: target).payload { row, errors in
            DraftSavePayload(room: row.flatMap { Room($0, principal.user.id) }, userErrors: errors)
        }
    }

    static func reactionAdd(
        _ arguments: MutationReactionAddArguments,
        in context: RequestContext
    ) async throws -> ReactionAddPayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.messageId.uuid else {
            return ReactionAddPayload(message: nil, userErrors: [.notFound(["messageId"])])
        }
        let change = ReactionChange(services, principal, from: client)
        return try await change.add(arguments.emoji, to: id).payload { row, errors in
            ReactionAddPayload(message: row?.item(principal), userErrors: errors)
        }
    }

    static func reactionRemove(
        _ arguments: MutationReactionRemoveArguments,
        in context: RequestContext
    ) async throws -> ReactionRemovePayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.messageId.uuid else {
            return ReactionRemovePayload(message: nil, userErrors: [.notFound(["messageId"])])
        }
        let change = ReactionChange(services, principal, from: client)
        return try await change.remove(arguments.emoji, from: id).payload { row, errors in
            ReactionRemovePayload(message: row?.item(principal), userErrors: errors)
        }
    }
}

extension MessageRow {
    fileprivate func item(_ viewer: Principal) -> MessageItem { MessageItem(row: self, viewer: viewer.user.id) }
}
