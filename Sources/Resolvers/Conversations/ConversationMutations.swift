import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func conversationCreate(
        _ arguments: MutationConversationCreateArguments,
        in context: RequestContext
    ) async throws -> ConversationCreatePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        return try await context.once(principal, client) {
            ConversationCreatePayload(conversation: $0?.conversation(principal), userErrors: $1)
        } again: { node in
            if case .conversation(let conversation) = node { conversation.row } else { nil }
        } do: { client in
            try await ConversationCreate(services, principal, from: client)
                .run(title: input.title, firstMessage: input.firstMessage.given)
        }
    }

    static func conversationRename(
        _ arguments: MutationConversationRenameArguments,
        in context: RequestContext
    ) async throws -> ConversationRenamePayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.id.uuid else {
            return ConversationRenamePayload(conversation: nil, userErrors: [.notFound(["id"])])
        }
        let result = try await ConversationChange(services, principal, from: client).rename(id, title: arguments.title)
        return result.payload { ConversationRenamePayload(conversation: $0?.conversation(principal), userErrors: $1) }
    }

    static func conversationStatusSet(
        _ arguments: MutationConversationStatusSetArguments,
        in context: RequestContext
    ) async throws -> ConversationStatusSetPayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.id.uuid else {
            return ConversationStatusSetPayload(conversation: nil, userErrors: [.notFound(["id"])])
        }
        let change = ConversationChange(services, principal, from: client)
        return try await change.set(arguments.status.rawValue, of: id).payload { row, errors in
            ConversationStatusSetPayload(conversation: row?.conversation(principal), userErrors: errors)
        }
    }

    static func conversationDelete(
        _ arguments: MutationConversationDeleteArguments,
        in context: RequestContext
    ) async throws -> ConversationDeletePayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.id.uuid else {
            return ConversationDeletePayload(deletedConversationId: nil, userErrors: [.notFound(["id"])])
        }
        return try await ConversationChange(services, principal, from: client).delete(id).payload { id, errors in
            ConversationDeletePayload(deletedConversationId: id.map(ConversationID.init), userErrors: errors)
        }
    }

    static func conversationGuestInvite(
        _ arguments: MutationConversationGuestInviteArguments,
        in context: RequestContext
    ) async throws -> ConversationGuestInvitePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        func refusal(_ error: UserError) -> ConversationGuestInvitePayload {
            ConversationGuestInvitePayload(link: nil, token: nil, userErrors: [error])
        }
        guard let conversation = input.conversationId.uuid else {
            return refusal(.notFound(["input", "conversationId"]))
        }
        let party: GuestAccess.Party
        switch (input.vendorId.given, input.sellerId.given) {
        case (let vendor?, nil):
            guard let id = vendor.uuid else { return refusal(.notFound(["input", "vendorId"])) }
            party = .vendor(id)
        case (nil, let seller?):
            guard let id = seller.uuid else { return refusal(.notFound(["input", "sellerId"])) }
            party = .seller(id)
        default:
            let message = "Give either a vendor or a seller."
            return refusal(.invalid(message, ["input"]))
        }
        let access = GuestAccess(services, principal, from: client)
        let result = try await access.invite(party, to: conversation, days: Int(input.days), byMail: input.byMail)
        return result.payload { made, errors in
            ConversationGuestInvitePayload(
                link: (made?.link).map(GuestLinkItem.init),
                token: made?.token,
                userErrors: errors
            )
        }
    }

    static func conversationGuestRevoke(
        _ arguments: MutationConversationGuestRevokeArguments,
        in context: RequestContext
    ) async throws -> ConversationGuestRevokePayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.id.uuid else {
            return ConversationGuestRevokePayload(conversation: nil, userErrors: [.notFound(["id"])])
        }
        return try await GuestAccess(services, principal, from: client).revoke(id).payload { row, errors in
            ConversationGuestRevokePayload(conversation: row?.conversation(principal), userErrors: errors)
        }
    }
}

extension RoomRow {
    func conversation(_ viewer: Principal) -> ConversationItem? { ConversationItem(self, viewer.user.id) }
}
