import Actions

extension RequestContext {
    /// What an action of chat is made of.
    func chat() async throws -> (services: ChatServices, principal: Principal, client: ClientInfo) {
        let (identity, client) = try identityServices()
        return (ChatServices(identity, chatOptions), try await signedIn(), client)
    }

    /// The same, of an action that guests may do as well.
    func visit() async throws -> (services: ChatServices, visitor: Visitor, client: ClientInfo) {
        let (identity, client) = try identityServices()
        return (ChatServices(identity, chatOptions), try await visitor(), client)
    }

    /// Who is signed in, or which guest has shown their token.
    func visitor() async throws -> Visitor {
        if let principal = try await principal() { return .user(principal) }
        guard let identity, let token = credential?.accessToken, let link = try await identity.guest(token: token)
        else { throw AccessRefusal.unauthenticated }
        return .guest(link)
    }
}
