import Actions
import Data
import GraphQLEngine
import PostgresClient

extension SellerProductID {
    init(_ id: UUID) { self.init(rawValue: GlobalID.text("offer", id)) }

    /// Nil for an id of another kind.
    var uuid: UUID? { GlobalID.uuid("offer", rawValue) }
}

/// Somebody who takes part in a conversation for what they buy or sell.
protocol PartyItem: Sendable {
    associatedtype Row: PartyRow
    var row: Row { get }
    var viewer: UUID { get }
}

extension PartyItem {
    var hasLink: Bool { row.guestID != nil }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var updatedAt: DateTime { DateTime(row.updatedAt) }

    static func conversation(
        of parents: Batch<Self>,
        in context: RequestContext
    ) async throws -> Results<ConversationItem?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let ids = parents.map(\.row.conversationID)
        let conversations = try await ConversationLoading.load(ids, seenBy: viewer, in: context)
        return parents.results { conversations[$0.row.conversationID] }
    }

    static func user(of parents: Batch<Self>, in context: RequestContext) async throws -> Results<User?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let users = try await ChatUsers.load(parents.compactMap(\.row.userID), seenBy: viewer, in: context)
        return parents.results { parent in parent.row.userID.flatMap { users[$0] } }
    }
}

/// The model of Vendor.
struct VendorItem: PartyItem {
    let row: VendorRow
    let viewer: UUID

    var id: VendorID { VendorID(row.id) }
    var name: String { row.name }
    var companyName: String? { row.companyName }
    var email: String? { row.email }
    var phone: String? { row.phone }
    var website: String? { row.website }
    var taxId: String? { row.taxID }
}

/// The model of Seller.
struct SellerItem: PartyItem {
    let row: SellerRow
    let viewer: UUID

    var id: SellerID { SellerID(row.id) }
    var name: String { row.name }
    var email: String? { row.email }
    var phone: String? { row.phone }

    static func products(
        of parents: Batch<SellerItem>,
        _ arguments: SellerProductsArguments,
        in context: RequestContext
    ) async throws -> Results<Connection<SellerProductItem>> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let request = try context.page(
            arguments.first,
            after: arguments.after,
            last: arguments.last,
            before: arguments.before
        )
        let session = try context.databaseInUse().session
        let sellers = parents.map(\.row.id)
        let statuses = arguments.statuses.map(\.rawValue)
        let pages = try await session.products(of: sellers, statuses: statuses, request).map { page in
            page.map { SellerProductItem(row: $0, viewer: viewer) }
        }
        return Results(
            Connection.all(pages) { try await session.productCounts(of: sellers, statuses: statuses) }
        )
    }
}

/// The model of SellerProduct.
struct SellerProductItem: Sendable {
    let row: SellerProductRow
    let viewer: UUID

    var id: SellerProductID { SellerProductID(row.id) }
    var sku: String { row.sku }
    var name: String { row.name }
    var description: String { row.description }
    var price: Money { Money(minorUnits: BigInt(row.priceMinor), currency: row.currency) }
    var minimumOrderQuantity: Int32 { row.minimumQuantity }
    var availableQuantity: Int32? { row.availableQuantity }
    var leadTimeDays: Int32? { row.leadTimeDays }
    var status: SellerProductStatus { SellerProductStatus(rawValue: row.status) ?? .discontinued }
    var attributes: [ProductAttribute] {
        zip(row.attributeNames, row.attributeValues).map { ProductAttribute(name: $0, value: $1) }
    }
    var createdAt: DateTime { DateTime(row.createdAt) }
    var updatedAt: DateTime { DateTime(row.updatedAt) }
    var version: Int32 { row.version }

    static func seller(
        of parents: Batch<SellerProductItem>,
        in context: RequestContext
    ) async throws -> Results<SellerItem?> {
        guard let viewer = parents.first?.viewer else { return Results(reserving: 0) }
        let ids = Set(parents.map(\.row.sellerID)).sorted()
        let rows = try await context.databaseInUse().session.sellers(ids, visibleTo: viewer)
        let sellers = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, SellerItem(row: $0, viewer: viewer)) })
        return parents.results { sellers[$0.row.sellerID] }
    }
}

extension NodeKind {
    static let vendor = NodeKind(prefix: "vnd") { ids, context in
        let viewer = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.vendors(ids, visibleTo: viewer)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .vendor(VendorItem(row: $0, viewer: viewer))) })
    }

    static let seller = NodeKind(prefix: "slr") { ids, context in
        let viewer = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.sellers(ids, visibleTo: viewer)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .seller(SellerItem(row: $0, viewer: viewer))) })
    }

    /// Only those of the viewer's own conversations.
    static let guestLink = NodeKind(prefix: "guest") { ids, context in
        let viewer = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.guestLinks(ids, ofOwner: viewer)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, .guestLink(GuestLinkItem(row: $0))) })
    }

    static let sellerProduct = NodeKind(prefix: "offer") { ids, context in
        let viewer = try await context.signedIn().user.id
        let rows = try await context.databaseInUse().session.sellerProducts(ids, visibleTo: viewer)
        return Dictionary(
            uniqueKeysWithValues: rows.map { ($0.id, .sellerProduct(SellerProductItem(row: $0, viewer: viewer))) }
        )
    }
}
