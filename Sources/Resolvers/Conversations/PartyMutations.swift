import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func vendorRegister(
        _ arguments: MutationVendorRegisterArguments,
        in context: RequestContext
    ) async throws -> VendorRegisterPayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        guard let conversation = input.conversationId.uuid else {
            return VendorRegisterPayload(vendor: nil, userErrors: [.notFound(["input", "conversationId"])])
        }
        let account = input.userId.given
        guard account == nil || account?.uuid != nil else {
            return VendorRegisterPayload(vendor: nil, userErrors: [.notFound(["input", "userId"])])
        }
        let fields = VendorFields(
            name: input.name,
            companyName: input.companyName.given,
            email: input.email.given,
            phone: input.phone.given,
            website: input.website.given,
            taxID: input.taxId.given
        )
        let change = VendorChange(services, principal, from: client)
        return try await change.register(fields, user: account?.uuid, in: conversation).payload { row, errors in
            VendorRegisterPayload(vendor: row?.item(principal), userErrors: errors)
        }
    }

    static func vendorUpdate(
        _ arguments: MutationVendorUpdateArguments,
        in context: RequestContext
    ) async throws -> VendorUpdatePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        guard let id = input.id.uuid else {
            return VendorUpdatePayload(vendor: nil, userErrors: [.notFound(["input", "id"])])
        }
        let result = try await VendorChange(services, principal, from: client).update(id) { fields in
            if let name = input.name.given { fields.name = name }
            if let companyName = input.companyName.given { fields.companyName = companyName }
            if let email = input.email.given { fields.email = email }
            if let phone = input.phone.given { fields.phone = phone }
            if let website = input.website.given { fields.website = website }
            if let taxID = input.taxId.given { fields.taxID = taxID }
        }
        return result.payload { VendorUpdatePayload(vendor: $0?.item(principal), userErrors: $1) }
    }

    static func vendorRemove(
        _ arguments: MutationVendorRemoveArguments,
        in context: RequestContext
    ) async throws -> VendorRemovePayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.id.uuid else {
            return VendorRemovePayload(conversation: nil, userErrors: [.notFound(["id"])])
        }
        return try await VendorChange(services, principal, from: client).remove(id).payload { row, errors in
            VendorRemovePayload(conversation: row?.conversation(principal), userErrors: errors)
        }
    }

    static func sellerAdd(
        _ arguments: MutationSellerAddArguments,
        in context: RequestContext
    ) async throws -> SellerAddPayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        guard let conversation = input.conversationId.uuid else {
            return SellerAddPayload(seller: nil, userErrors: [.notFound(["input", "conversationId"])])
        }
        let account = input.userId.given
        guard account == nil || account?.uuid != nil else {
            return SellerAddPayload(seller: nil, userErrors: [.notFound(["input", "userId"])])
        }
        let fields = SellerFields(name: input.name, email: input.email.given, phone: input.phone.given)
        let change = SellerChange(services, principal, from: client)
        return try await change.add(fields, user: account?.uuid, to: conversation).payload { row, errors in
            SellerAddPayload(seller: row?.item(principal), userErrors: errors)
        }
    }

    static func sellerUpdate(
        _ arguments: MutationSellerUpdateArguments,
        in context: RequestContext
    ) async throws -> SellerUpdatePayload? {
        let (services, principal, client) = try await context.chat()
        let input = arguments.input
        guard let id = input.id.uuid else {
            return SellerUpdatePayload(seller: nil, userErrors: [.notFound(["input", "id"])])
        }
        let result = try await SellerChange(services, principal, from: client)
            .update(id, name: input.name.given, email: input.email.given, phone: input.phone.given)
        return result.payload { SellerUpdatePayload(seller: $0?.item(principal), userErrors: $1) }
    }

    static func sellerRemove(
        _ arguments: MutationSellerRemoveArguments,
        in context: RequestContext
    ) async throws -> SellerRemovePayload? {
        let (services, principal, client) = try await context.chat()
        guard let id = arguments.id.uuid else {
            return SellerRemovePayload(conversation: nil, userErrors: [.notFound(["id"])])
        }
        return try await SellerChange(services, principal, from: client).remove(id).payload { row, errors in
            SellerRemovePayload(conversation: row?.conversation(principal), userErrors: errors)
        }
    }
}

extension VendorRow {
    func item(_ viewer: Principal) -> VendorItem { VendorItem(row: self, viewer: viewer.user.id) }
}

extension SellerRow {
    func item(_ viewer: Principal) -> SellerItem { SellerItem(row: self, viewer: viewer.user.id) }
}
