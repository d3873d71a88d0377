import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Mutation {
    static func apiKeyCreate(
        _ arguments: MutationApiKeyCreateArguments,
        in context: RequestContext
    ) async throws -> ApiKeyCreatePayload? {
        let (services, principal, client) = try await context.actor()
        let team = arguments.input.teamId.given
        let access: TeamAccess? = if team == nil { nil } else { try context.teamAccess() }
        let input = APIKeyCreate.Input(
            team: access,
            name: arguments.input.name,
            scopes: arguments.input.scopes.map(\.rawValue),
            allowedRanges: arguments.input.allowedIpRanges,
            expiresAt: arguments.input.expiresAt.given?.timestamp
        )
        return try await APIKeyCreate(services, principal, from: client).run(input).payload { issued, errors in
            ApiKeyCreatePayload(
                apiKey: issued.map { APIKeyItem(row: $0.key, now: services.now) },
                secret: issued?.secret,
                userErrors: errors
            )
        }
    }

    static func apiKeyRotate(
        _ arguments: MutationApiKeyRotateArguments,
        in context: RequestContext
    ) async throws -> ApiKeyRotatePayload? {
        let (services, principal, client) = try await context.actor()
        let outcome = try await APIKeyChange(services, principal, from: client)
            .rotate(arguments.id.uuid, overlapSeconds: Int(arguments.overlapSeconds))
        return outcome.payload { issued, errors in
            ApiKeyRotatePayload(
                apiKey: issued.map { APIKeyItem(row: $0.key, now: services.now) },
                secret: issued?.secret,
                userErrors: errors
            )
        }
    }

    static func apiKeyRevoke(
        _ arguments: MutationApiKeyRevokeArguments,
        in context: RequestContext
    ) async throws -> ApiKeyRevokePayload? {
        let (services, principal, client) = try await context.actor()
        return try await APIKeyChange(services, principal, from: client).revoke(arguments.id.uuid).payload {
            ApiKeyRevokePayload(apiKey: $0.map { APIKeyItem(row: $0, now: services.now) }, userErrors: $1)
        }
    }
}
