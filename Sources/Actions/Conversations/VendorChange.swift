package import Data
package import PostgresClient

/// Writes down who buys in a conversation: there is one vendor, or none.
package struct VendorChange {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    /// By the conversation's owner. An account that is given takes part from then on.
    package func register(
        _ fields: VendorFields,
        user: UUID?,
        in conversation: UUID
    ) async throws -> Result<VendorRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let fields = ConversationTexts.check(fields, &faults)
        if let faults = ChatFaults(faults) { return .failure(faults) }
        return try await work.audited("vendor.register", on: conversation.conversation) { transaction in
            let path = ["input", "conversationId"]
            let room = try await work.ownConversation(conversation, path, in: transaction)
            let id = work.newID()
            guard let row = try await transaction.insertVendor(id, of: conversation, fields, user: user) else {
                throw ChatFaults(.vendorAlreadyRegistered, path, "The conversation has a vendor.")
            }
            let events = try await work.enter(user, room, in: transaction)
            try await work.changed(conversation, beside: events, in: transaction)
            return row
        }
    }

    /// By the owner, or the vendor; what is nil stays, and what is empty goes.
    package func update(
        _ id: UUID,
        _ change: @escaping @Sendable (inout VendorFields) -> Void
    ) async throws -> Result<VendorRow, ChatFaults> {
        let work = work
        return try await work.audited("vendor.update", on: id.vendor) { transaction in
            let (row, _) = try await self.vendor(id, ["input", "id"], mayBeOwn: true, in: transaction)
            var fields = VendorFields(
                name: row.name,
                companyName: row.companyName,
                email: row.email,
                phone: row.phone,
                website: row.website,
                taxID: row.taxID
            )
            change(&fields)
            var faults: [ChatFault] = []
            fields = ConversationTexts.check(fields, &faults)
            if let faults = ChatFaults(faults) { throw faults }
            let changed = try await transaction.setVendor(id, fields)
            try await work.changed(row.conversationID, in: transaction)
            return changed
        }
    }

    /// By the owner. Their account or their link is of no use from then on.
    package func remove(_ id: UUID) async throws -> Result<RoomRow, ChatFaults> {
        let work = work
        return try await work.audited("vendor.remove", on: id.vendor) { transaction in
            let (row, _) = try await self.vendor(id, ["id"], mayBeOwn: false, in: transaction)
            try await transaction.deleteVendor(id)
            let events = try await work.leave(.vendor(row), in: transaction)
            try await work.changed(row.conversationID, beside: events, in: transaction)
            return try await work.conversation(row.conversationID, ["id"], in: transaction)
        }
    }

    /// A vendor whom whoever asks may change, and the conversation, held.
    private func vendor(
        _ id: UUID,
        _ path: [String],
        mayBeOwn: Bool,
        in transaction: Transaction
    ) async throws -> (VendorRow, RoomRow) {
        guard let seen = try await transaction.vendors([id], visibleTo: work.user).first else {
            throw ChatFaults(.notFound(path))
        }
        let room = try await work.conversation(seen.conversationID, path, in: transaction)
        guard let row = try await transaction.vendors([id], visibleTo: work.user).first else {
            throw ChatFaults(.notFound(path))
        }
        guard room.isOwned(by: work.user) || mayBeOwn && row.userID == work.user else {
            throw ChatFaults(.forbidden(path))
        }
        return (row, room)
    }
}

extension UUID {
    fileprivate var vendor: NewAuditEntry.Resource {
        NewAuditEntry.Resource(type: "Vendor", id: GlobalID.text("vnd", self))
    }
}
