package import Data
package import PostgresClient

/// Writes down who offers something in a conversation. No two have one name, one address or one account.
package struct SellerChange {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// By the conversation's owner. An account that is given takes part from then on.
    package func add(
        _ fields: SellerFields,
        user: UUID?,
        to conversation: UUID
    ) async throws -> Result<SellerRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let fields = ConversationTexts.check(fields, &faults)
        if let faults = ChatFaults(faults) { return .failure(faults) }
        return try await work.audited("seller.add", on: conversation.conversation) { transaction in
            let path = ["input", "conversationId"]
            let room = try await work.ownConversation(conversation, path, in: transaction)
            let limit = work.services.options.sellersPerConversation
            let used = try await transaction.sellerCount(of: conversation)
            guard used < limit else { throw ChatFaults(.quota("sellers", path, limit: limit, used: used)) }
            let id = work.newID()
            guard let row = try await transaction.insertSeller(id, of: conversation, fields, user: user) else {
                let field = try await transaction.sellerConflict(in: conversation, fields, user: user)
                throw ChatFaults(.sellerExists(field ?? "name"))
            }
            let events = try await work.enter(user, room, in: transaction)
            try await work.changed(conversation, beside: events, in: transaction)
            return row
        }
    }

    /// By the owner, or the seller; what is nil stays, and what is empty goes.
    package func update(
        _ id: UUID,
        name: String?,
        email: String?,
        phone: String?
    ) async throws -> Result<SellerRow, ChatFaults> {
        let work = work
        return try await work.audited("seller.update", on: id.seller) { transaction in
            let row = try await work.seller(id, ["input", "id"], mayBeOwn: true, in: transaction)
            let given = SellerFields(name: name ?? row.name, email: email ?? row.email, phone: phone ?? row.phone)
            var faults: [ChatFault] = []
            let fields = ConversationTexts.check(given, &faults)
            if let faults = ChatFaults(faults) { throw faults }
            let conversation = row.conversationID
            // The conversation is held: nobody takes the name meanwhile.
            if let field = try await transaction.sellerConflict(in: conversation, fields, user: nil, except: id) {
                throw ChatFaults(.sellerExists(field))
            }
            let changed = try await transaction.setSeller(id, fields)
            try await work.changed(conversation, in: transaction)
            return changed
        }
    }

    /// By the owner; with all that they offer. Their account or their link is of no use from then on.
    package func remove(_ id: UUID) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        return try await work.audited("seller.remove", on: id.seller) { transaction in
            let row = try await work.seller(id, ["id"], mayBeOwn: false, in: transaction)
            try await transaction.deleteSeller(id)
            let events = try await work.leave(.seller(row), in: transaction)
            try await work.changed(row.conversationID, beside: events, in: transaction)
            return try await work.conversation(row.conversationID, ["id"], in: transaction)
        }
    }
}

extension ChatWork {
    /// A seller whom whoever asks may change, with the conversation held.
    func seller(
        _ id: UUID,
        _ path: [String],
        mayBeOwn: Bool,
        in transaction: Transaction
    ) async throws -> SellerRow {
        guard let seen = try await transaction.sellers([id], visibleTo: user).first else {
            throw ChatFaults(.notFound(path))
        }
        let room = try await conversation(seen.conversationID, path, in: transaction)
        guard let row = try await transaction.sellers([id], visibleTo: user).first else {
            throw ChatFaults(.notFound(path))
        }
        guard room.isOwned(by: user) || mayBeOwn && row.userID == user else { throw ChatFaults(.forbidden(path)) }
        return row
    }
}

extension ChatFault {
    fileprivate static func sellerExists(_ field: String) -> ChatFault {
        ChatFault(.sellerAlreadyExists, ["input", field], "Another seller of the conversation has this.")
    }
}

extension UUID {
    fileprivate var seller: NewAuditEntry.Resource {
        NewAuditEntry.Resource(type: "Seller", id: GlobalID.text("slr", self))
    }
}
