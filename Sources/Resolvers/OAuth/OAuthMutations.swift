import Actions
import Data
import GraphQLEngine
import PostgresClient

extension Query {
    static func oauthProviders(in context: RequestContext) async throws -> [OAuthProvider] {
        (context.oauth?.configured ?? []).map(OAuthProvider.init)
    }
}

extension Mutation {
    static func oauthStart(
        _ arguments: MutationOauthStartArguments,
        in context: RequestContext
    ) async throws -> OAuthStartPayload? {
        let (services, client) = try context.oauthServices()
        let input = arguments.input
        let intent: OAuthStart.Intent =
            switch input.intent {
            case .signIn: .signIn
            case .link: .link(try await context.recentlySignedIn(services.identity))
            }
        let outcome = try await OAuthStart(services, from: client)
            .run(input.provider.kind, returnTo: input.redirectUri, intent)
        return outcome.payload { begun, errors in
            OAuthStartPayload(
                authorizationUrl: begun?.address,
                state: begun?.state,
                expiresAt: (begun?.expiresAt).map(DateTime.init),
                userErrors: errors
            )
        }
    }

    static func oauthComplete(
        _ arguments: MutationOauthCompleteArguments,
        in context: RequestContext
    ) async throws -> OAuthCompletePayload? {
        let (services, client) = try context.oauthServices()
        let input = arguments.input
        let outcome = try await OAuthComplete(services, from: client).run(
            state: input.state,
            code: input.code,
            deviceName: input.deviceName.given,
            as: context.principal()
        )
        switch outcome {
        case .success(.signedIn(let outcome)):
            let shown = try await SignInOutcome(outcome, in: context)
            return OAuthCompletePayload(outcome: shown, identity: nil, userErrors: [])
        case .success(.linked(let row)):
            return OAuthCompletePayload(outcome: nil, identity: OAuthIdentityItem(row: row), userErrors: [])
        case .failure(let faults):
            guard !faults.all.contains(where: { $0.code == .registrationClosed }) else {
                throw AccessRefusal.registrationClosed
            }
            return OAuthCompletePayload(outcome: nil, identity: nil, userErrors: faults.userErrors)
        }
    }

    static func oauthUnlink(
        _ arguments: MutationOauthUnlinkArguments,
        in context: RequestContext
    ) async throws -> OAuthUnlinkPayload? {
        let (services, principal, client) = try await context.actor()
        let unlink = OAuthUnlink(services, context.oauth?.configured ?? [], principal, from: client)
        return try await unlink.run(arguments.provider.kind).payload {
            OAuthUnlinkPayload(viewer: $0.map { _ in Viewer(principal, at: services.now) }, userErrors: $1)
        }
    }
}

extension RequestContext {
    fileprivate func oauthServices() throws -> (OAuthServices, ClientInfo) {
        guard let oauth, let credential else { throw AccessRefusal.unavailable }
        return (oauth, credential.client)
    }

    /// Somebody, not a program, who has proved within minutes who they are.
    fileprivate func recentlySignedIn(_ services: IdentityServices) async throws -> Principal {
        let principal = try await signedIn()
        guard principal.key == nil else { throw AccessRefusal.keyRefused }
        guard services.hasSignedInRecently(principal) else {
            throw AccessRefusal.forbidden("Prove again who you are.", reason: "REAUTHENTICATION_REQUIRED")
        }
        return principal
    }
}
