import Actions

extension UserError {
    init(_ fault: ChatFault) {
        let (message, path) = (fault.message, fault.path)
        switch fault.code {
        case .invalidInput:
            self = .invalidInputError(InvalidInputError(code: .invalidInput, message: message, path: path))
        case .notFound: self = .notFound(path)
        case .forbidden: self = .forbiddenError(ForbiddenError(code: .forbidden, message: message, path: path))
        case .quotaExceeded:
            self = .quotaExceededError(
                QuotaExceededError(
                    code: .quotaExceeded,
                    message: message,
                    path: path,
                    feature: fault.quota?.feature ?? "",
                    limit: BigInt(fault.quota?.limit ?? 0),
                    used: BigInt(fault.quota?.used ?? 0)
                )
            )
        case .nameTaken: self = Self.conflict(.nameTaken, fault)
        case .alreadyMember: self = Self.conflict(.alreadyMember, fault)
        case .notAMember: self = Self.conflict(.notAMember, fault)
        case .lastOwner: self = Self.conflict(.lastOwner, fault)
        case .roomArchived: self = Self.conflict(.roomArchived, fault)
        case .messageTooOld: self = Self.conflict(.messageTooOld, fault)
        }
    }

    private static func conflict(_ code: UserErrorCode, _ fault: ChatFault) -> UserError {
        .conflictError(ConflictError(code: code, message: fault.message, path: fault.path))
    }
}

extension Result where Failure == ChatFaults {
    /// What was done, or all that kept it from being done.
    func payload<Payload>(_ make: (Success?, [UserError]) -> Payload) -> Payload {
        switch self {
        case .success(let value): make(value, [])
        case .failure(let faults): make(nil, faults.all.map(UserError.init))
        }
    }
}

extension RequestContext {
    /// What an action of chat is made of.
    func chat() async throws -> (services: ChatServices, principal: Principal, client: ClientInfo) {
        let (identity, client) = try identityServices()
        return (ChatServices(identity, chatOptions), try await signedIn(), client)
    }
}
