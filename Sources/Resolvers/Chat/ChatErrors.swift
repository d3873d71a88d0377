import Actions

extension ChatFault: UserFault {
    var userError: UserError {
        switch code {
        case .invalidInput:
            .invalidInputError(InvalidInputError(code: .invalidInput, message: message, path: path))
        case .notFound: .notFound(path)
        case .forbidden: .forbiddenError(ForbiddenError(code: .forbidden, message: message, path: path))
        case .quotaExceeded:
            .quotaExceededError(
                QuotaExceededError(
                    code: .quotaExceeded,
                    message: message,
                    path: path,
                    feature: quota?.feature ?? "",
                    limit: BigInt(quota?.limit ?? 0),
                    used: BigInt(quota?.used ?? 0)
                )
            )
        case .nameTaken: .conflict(.nameTaken, message, path)
        case .alreadyMember: .conflict(.alreadyMember, message, path)
        case .notAMember: .conflict(.notAMember, message, path)
        case .lastOwner: .conflict(.lastOwner, message, path)
        case .roomArchived: .conflict(.roomArchived, message, path)
        case .messageTooOld: .conflict(.messageTooOld, message, path)
        case .alreadyExists: .conflict(.alreadyExists, message, path)
        case .invalidTransition: .conflict(.invalidTransition, message, path)
        case .callBusy: .conflict(.callBusy, message, path)
        case .callEnded: .conflict(.callEnded, message, path)
        case .vendorAlreadyRegistered: .conflict(.vendorAlreadyRegistered, message, path)
        case .sellerAlreadyExists: .conflict(.sellerAlreadyExists, message, path)
        case .staleVersion:
            .staleVersionError(
                StaleVersionError(code: .staleVersion, message: message, path: path, currentVersion: version ?? 0)
            )
        case .slowMode: .conflict(.slowMode, message, path)
        case .timedOut: .conflict(.timedOut, message, path)
        case .banned: .conflict(.banned, message, path)
        case .blocked: .conflict(.blocked, message, path)
        }
    }
}

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
