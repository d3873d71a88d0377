import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func sellerProductCreate(
        _ arguments: MutationSellerProductCreateArguments,
        in context: RequestContext
    ) async throws -> SellerProductCreatePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        guard let seller = input.sellerId.uuid else {
            return SellerProductCreatePayload(product: nil, userErrors: [.notFound(["input", "sellerId"])])
        }
        let fields = SellerProductFields(
            sku: input.sku,
            name: input.name,
            description: input.description,
            priceMinor: input.price.minorUnits.value,
            currency: input.price.currency,
            minimumQuantity: input.minimumOrderQuantity,
            availableQuantity: input.availableQuantity.given,
            leadTimeDays: input.leadTimeDays.given,
            status: input.status.rawValue,
            attributes: input.attributes.map { ($0.name, $0.value) }
        )
        let change = SellerProductChange(services, principal, from: client)
        return try await change.create(fields, of: seller).payload { row, errors in
            SellerProductCreatePayload(product: row?.item(principal), userErrors: errors)
        }
    }

    static func sellerProductUpdate(
        _ arguments: MutationSellerProductUpdateArguments,
        in context: RequestContext
    ) async throws -> SellerProductUpdatePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        guard let id = input.id.uuid else {
            return SellerProductUpdatePayload(product: nil, userErrors: [.notFound(["input", "id"])])
        }
        let change = SellerProductChange(services, principal, from: client)
        let result = try await change.update(id, expectedVersion: input.expectedVersion.given) { fields in
            if let name = input.name.given { fields.name = name }
            if let description = input.description.given { fields.description = description }
            if let price = input.price.given {
                fields.priceMinor = price.minorUnits.value
                fields.currency = price.currency
            }
            if let quantity = input.minimumOrderQuantity.given { fields.minimumQuantity = quantity }
            if input.availableQuantity.isSaid { fields.availableQuantity = input.availableQuantity.given }
            if input.leadTimeDays.isSaid { fields.leadTimeDays = input.leadTimeDays.given }
            if let status = input.status.given { fields.status = status.rawValue }
            if let attributes = input.attributes.given {
                fields.attributeNames = attributes.map(\.name)
                fields.attributeValues = attributes.map(\.value)
            }
        }
        return result.payload { SellerProductUpdatePayload(product: $0?.item(principal), userErrors: $1) }
    }

    static func sellerProductDelete(
        _ arguments: MutationSellerProductDeleteArguments,
        in context: RequestContext
    ) async throws -> SellerProductDeletePayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.id.uuid else {
            return SellerProductDeletePayload(seller: nil, userErrors: [.notFound(["id"])])
        }
        let result = try await SellerProductChange(services, principal, from: client).delete(id)
        let session = try context.databaseInUse().session
        let viewer = principal.user.id
        let seller: SellerRow? =
            if case .success(let id) = result { try await session.sellers([id], visibleTo: viewer).first } else { nil }
        return result.payload { _, errors in
            SellerProductDeletePayload(seller: seller?.item(principal), userErrors: errors)
        }
    }
}

extension SellerProductRow {
    func item(_ viewer: Principal) -> SellerProductItem { SellerProductItem(row: self, viewer: viewer.user.id) }
}

extension InputValue {
    /// Whether anything is given, null included.
    fileprivate var isSaid: Bool { if case .absent = self { false } else { true } }
}
