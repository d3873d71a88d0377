package import Data
package import PostgresClient

/// What a seller offers, kept by them or by the conversation's owner.
package struct SellerProductChange {
    private let work: ChatWork

    package init(_ services: ChatServices, _ principal: Principal, from client: ClientInfo) {
        work = ChatWork(services: services, principal: principal, client: client)
    }

    package func create(
        _ fields: SellerProductFields,
        of seller: UUID
    ) async throws -> Result<SellerProductRow, ChatFaults> {
        let work = work
        var faults: [ChatFault] = []
        let fields = ConversationTexts.check(fields, &faults)
        if let faults = ChatFaults(faults) { return .failure(faults) }
        let id = work.newID()
        return try await work.audited("seller_product.create", on: id.product) { transaction in
            let seller = try await work.seller(seller, ["input", "sellerId"], mayBeOwn: true, in: transaction)
            let limit = work.services.options.productsPerSeller
            let used = try await transaction.productCount(of: seller.id)
            guard used < limit else { throw ChatFaults(.quota("seller_products", ["input"], limit: limit, used: used)) }
            guard let row = try await transaction.insertProduct(id, of: seller, fields) else {
                let message = "The seller has something of this number."
                throw ChatFaults(.alreadyExists, ["input", "sku"], message)
            }
            try await work.changed(seller.conversationID, in: transaction)
            return row
        }
    }

    /// Its number stays. With an expected version nothing is changed where another one is there.
    package func update(
        _ id: UUID,
        expectedVersion: Int32?,
        _ change: @escaping @Sendable (inout SellerProductFields) -> Void
    ) async throws -> Result<SellerProductRow, ChatFaults> {
        let work = work
        return try await work.audited("seller_product.update", on: id.product) { transaction in
            let row = try await self.product(id, ["input", "id"], in: transaction)
            if let expectedVersion, expectedVersion != row.version {
                let message = "Somebody else has changed it meanwhile."
                let path = ["input", "expectedVersion"]
                throw ChatFaults(.staleVersion, path, message, .version(row.version))
            }
            var fields = SellerProductFields(row)
            change(&fields)
            var faults: [ChatFault] = []
            fields = ConversationTexts.check(fields, &faults)
            if let faults = ChatFaults(faults) { throw faults }
            let changed = try await transaction.setProduct(id, fields)
            try await work.changed(row.conversationID, in: transaction)
            return changed
        }
    }

    package func delete(_ id: UUID) async throws -> Result<UUID, ChatFaults> {
        let work = work
        return try await work.audited("seller_product.delete", on: id.product) { transaction in
            let row = try await self.product(id, ["id"], in: transaction)
            try await transaction.deleteProduct(id)
            try await work.changed(row.conversationID, in: transaction)
            return row.sellerID
        }
    }

    /// A product that whoever asks may change, with the conversation held.
    private func product(
        _ id: UUID,
        _ path: [String],
        in transaction: Transaction
    ) async throws -> SellerProductRow {
        guard let seen = try await transaction.sellerProducts([id], visibleTo: work.user).first else {
            throw ChatFaults(.notFound(path))
        }
        _ = try await work.seller(seen.sellerID, path, mayBeOwn: true, in: transaction)
        guard let row = try await transaction.sellerProducts([id], visibleTo: work.user).first else {
            throw ChatFaults(.notFound(path))
        }
        return row
    }
}

extension UUID {
    fileprivate var product: NewAuditEntry.Resource {
        NewAuditEntry.Resource(type: "SellerProduct", id: GlobalID.text("offer", self))
    }
}
