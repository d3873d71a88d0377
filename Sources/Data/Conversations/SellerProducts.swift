package import PostgresClient

/// What a seller's product is to be.
package struct SellerProductFields: Sendable {
    package var sku: String
    package var name: String
    package var description: String
    package var priceMinor: Int
    package var currency: String
    package var minimumQuantity: Int32
    package var availableQuantity: Int32?
    package var leadTimeDays: Int32?
    package var status: String
    package var attributeNames: [String]
    package var attributeValues: [String]

    package init(
        sku: String,
        name: String,
        description: String,
        priceMinor: Int,
        currency: String,
        minimumQuantity: Int32,
        availableQuantity: Int32?,
        leadTimeDays: Int32?,
        status: String,
        attributes: [(name: String, value: String)]
    ) {
        self.sku = sku
        self.name = name
        self.description = description
        self.priceMinor = priceMinor
        self.currency = currency
        self.minimumQuantity = minimumQuantity
        self.availableQuantity = availableQuantity
        self.leadTimeDays = leadTimeDays
        self.status = status
        attributeNames = attributes.map(\.name)
        attributeValues = attributes.map(\.value)
    }

    /// What it is now, to be changed in parts.
    package init(_ row: SellerProductRow) {
        self.init(
            sku: row.sku,
            name: row.name,
            description: row.description,
            priceMinor: row.priceMinor,
            currency: row.currency,
            minimumQuantity: row.minimumQuantity,
            availableQuantity: row.availableQuantity,
            leadTimeDays: row.leadTimeDays,
            status: row.status,
            attributes: []
        )
        attributeNames = row.attributeNames
        attributeValues = row.attributeValues
    }
}

extension Session {
    /// Of sellers that whoever asks has shown to see.
    package func products(
        of sellers: [UUID],
        statuses: [String],
        _ request: PageRequest
    ) async throws -> [Page<SellerProductRow>] {
        try await pages(SellerProductStatements.ofSellers, request, of: sellers, statuses)
    }

    package func productCounts(of sellers: [UUID], statuses: [String]) async throws -> [Int] {
        try await counts(SellerProductStatements.countsOfSellers, of: sellers, statuses)
    }
}

extension StatementRunner {
    /// What is offered in a conversation, the cheapest of each currency first.
    package func offers(in conversation: UUID, search: String?, limit: Int) async throws -> [SellerProductRow] {
        try await rows(SellerProductStatements.offers, conversation, search, limit)
    }

    package func sellerProducts(_ ids: [UUID], visibleTo viewer: UUID) async throws -> [SellerProductRow] {
        try await rows(SellerProductStatements.byID, ids, viewer)
    }
}

extension Transaction {
    package func productCount(of seller: UUID) async throws -> Int {
        try await one(SellerProductStatements.count, seller)
    }

    /// Nil when the seller has something of this number already.
    package func insertProduct(
        _ id: UUID,
        of seller: SellerRow,
        _ fields: SellerProductFields
    ) async throws -> SellerProductRow? {
        try await first(
            SellerProductStatements.insert,
            id,
            seller.id,
            seller.conversationID,
            fields.sku,
            fields.name,
            fields.description,
            fields.priceMinor,
            fields.currency,
            fields.minimumQuantity,
            fields.availableQuantity,
            fields.leadTimeDays,
            fields.status,
            fields.attributeNames,
            fields.attributeValues
        )
    }

    /// All but its number, which stays.
    package func setProduct(_ id: UUID, _ fields: SellerProductFields) async throws -> SellerProductRow {
        try await one(
            SellerProductStatements.update,
            id,
            fields.name,
            fields.description,
            fields.priceMinor,
            fields.currency,
            fields.minimumQuantity,
            fields.availableQuantity,
            fields.leadTimeDays,
            fields.status,
            fields.attributeNames,
            fields.attributeValues
        )
    }

    package func deleteProduct(_ id: UUID) async throws { try await execute(SellerProductStatements.delete, id) }
}

enum SellerProductStatements {
    static let ofSellers = PagedLists<SellerProductRow, Keyset<Timestamp, UUID>, UUID, [String]>(
        "Seller.products",
        by: [.ascending("p.created_at"), .ascending("p.id")],
        key: { Keyset($0.createdAt, $0.id) },
        """
        SELECT parent.number, p.* FROM unnest($1) WITH ORDINALITY AS parent (id, number)
        CROSS JOIN LATERAL (
            SELECT p.id, p.seller_id, p.conversation_id, p.sku::text, p.name, p.description, p.price_minor, p.currency,
                p.min_order_quantity, p.available_quantity, p.lead_time_days, p.status,
                json_texts(p.attributes, 'name') AS attribute_names, json_texts(p.attributes, 'value') AS attribute_values,
                p.created_at, p.updated_at, p.version
            FROM seller_products p
            WHERE p.seller_id = parent.id AND p.status = ANY ($2::text[]) AND {after} ORDER BY {order} LIMIT {limit}
        ) AS p
        ORDER BY parent.number, {order}
        """
    )
    static let countsOfSellers = Statement<ParentCount<UUID>, [UUID], [String]>(
        """
        SELECT seller_id, count(*) FROM seller_products WHERE seller_id = ANY ($1) AND status = ANY ($2::text[])
        GROUP BY seller_id
        """
    )
    static let offers = Statement<SellerProductRow, UUID, String?, Int>(
        """
        SELECT p.id, p.seller_id, p.conversation_id, p.sku::text, p.name, p.description, p.price_minor, p.currency,
            p.min_order_quantity, p.available_quantity, p.lead_time_days, p.status,
            json_texts(p.attributes, 'name') AS attribute_names, json_texts(p.attributes, 'value') AS attribute_values,
            p.created_at, p.updated_at, p.version
        FROM seller_products p WHERE p.conversation_id = $1 AND p.status = 'ACTIVE'
            AND ($2::text IS NULL OR position(lower($2) IN lower(p.name || ' ' || p.sku)) > 0)
        ORDER BY p.currency, p.price_minor, p.id LIMIT $3
        """
    )
    static let byID = Statement<SellerProductRow, [UUID], UUID>(
        """
        SELECT p.id, p.seller_id, p.conversation_id, p.sku::text, p.name, p.description, p.price_minor, p.currency,
            p.min_order_quantity, p.available_quantity, p.lead_time_days, p.status,
            json_texts(p.attributes, 'name') AS attribute_names, json_texts(p.attributes, 'value') AS attribute_values,
            p.created_at, p.updated_at, p.version
        FROM seller_products p
        CROSS JOIN LATERAL (SELECT FROM visible_rooms(ARRAY[p.conversation_id], $2) OFFSET 0) AS room
        WHERE p.id = ANY ($1)
        """
    )
    static let count = Statement<Int, UUID>("SELECT count(*) FROM seller_products WHERE seller_id = $1")
    static let insert = Statement<
        SellerProductRow, UUID, UUID, UUID, String, String, String, Int, String, Int32, Int32?, Int32?, String,
        [String],
        [String]
    >(
        """
        INSERT INTO seller_products AS p (id, seller_id, conversation_id, sku, name, description, price_minor, currency,
            min_order_quantity, available_quantity, lead_time_days, status, attributes)
        VALUES ($1, $2, $3, $4::citext, $5, $6, $7, $8, $9, $10, $11, $12, named_texts($13, $14))
        ON CONFLICT (seller_id, sku) DO NOTHING
        RETURNING p.id, p.seller_id, p.conversation_id, p.sku::text, p.name, p.description, p.price_minor, p.currency,
            p.min_order_quantity, p.available_quantity, p.lead_time_days, p.status,
            json_texts(p.attributes, 'name') AS attribute_names, json_texts(p.attributes, 'value') AS attribute_values,
            p.created_at, p.updated_at, p.version
        """
    )
    static let update = Statement<
        SellerProductRow, UUID, String, String, Int, String, Int32, Int32?, Int32?, String, [String], [String]
    >(
        """
        UPDATE seller_products AS p SET name = $2, description = $3, price_minor = $4, currency = $5,
            min_order_quantity = $6, available_quantity = $7, lead_time_days = $8, status = $9,
            attributes = named_texts($10, $11)
        WHERE p.id = $1
        RETURNING p.id, p.seller_id, p.conversation_id, p.sku::text, p.name, p.description, p.price_minor, p.currency,
            p.min_order_quantity, p.available_quantity, p.lead_time_days, p.status,
            json_texts(p.attributes, 'name') AS attribute_names, json_texts(p.attributes, 'value') AS attribute_values,
            p.created_at, p.updated_at, p.version
        """
    )
    static let delete = Command<UUID>("DELETE FROM seller_products WHERE id = $1")
    static var all: [any CheckableStatement] {
        ofSellers.variants + [countsOfSellers, offers, byID, count, insert, update, delete]
    }
}
