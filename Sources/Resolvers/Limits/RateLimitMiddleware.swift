import Actions
import GraphQLEngine
import GraphQLSchema

/// What `@rateLimit` does: takes from a bucket of the field's own, which all processes share. Only where requests are limited
/// at all.
struct RateLimitMiddleware: FieldMiddleware {
    func check(_ batch: GuardedBatch) async throws -> BatchVerdict {
        guard let context = batch.context as? RequestContext, context.allowance != nil,
            case .int(let limit)? = batch.directive["limit"],
            case .int(let window)? = batch.directive["windowSeconds"]
        else { return .admitted }
        let (services, client) = try context.identityServices()
        if batch.directive["here"] == .boolean(true) {
            try context.allowance?.takeHere(batch.coordinate, limit, perSeconds: window)
            return .admitted
        }
        let isByAddress = batch.directive["by"] == .enum("ADDRESS")
        let principal = isByAddress ? nil : try await context.principal()
        try await services.limitField(batch.coordinate, of: principal, from: client, limit, perSeconds: window)
        return .admitted
    }
}
