import Actions

extension UserError {
    init(_ fault: TeamFault) {
        let (message, path) = (fault.message, fault.path)
        switch fault.code {
        case .invalidInput:
            self = .invalidInputError(InvalidInputError(code: .invalidInput, message: message, path: path))
        case .notFound: self = .notFound(path)
        case .forbidden: self = .forbiddenError(ForbiddenError(code: .forbidden, message: message, path: path))
        case .staleVersion(let current):
            self = .staleVersionError(
                StaleVersionError(code: .staleVersion, message: message, path: path, currentVersion: current)
            )
        case .tokenInvalid:
            self = .authenticationError(
                AuthenticationError(code: .tokenInvalid, message: message, path: path, retryAt: nil)
            )
        case .quota(let feature, let limit, let used):
            self = .quotaExceededError(
                QuotaExceededError(
                    code: .quotaExceeded,
                    message: message,
                    path: path,
                    feature: feature,
                    limit: BigInt(limit),
                    used: BigInt(used)
                )
            )
        case .nameTaken: self = Self.conflict(.nameTaken, fault)
        case .alreadyExists: self = Self.conflict(.alreadyExists, fault)
        case .alreadyMember: self = Self.conflict(.alreadyMember, fault)
        case .notAMember: self = Self.conflict(.notAMember, fault)
        case .lastOwner: self = Self.conflict(.lastOwner, fault)
        case .invalidTransition: self = Self.conflict(.invalidTransition, fault)
        case .inviteExpired: self = Self.conflict(.inviteExpired, fault)
        case .inviteRevoked: self = Self.conflict(.inviteRevoked, fault)
        }
    }

    private static func conflict(_ code: UserErrorCode, _ fault: TeamFault) -> UserError {
        .conflictError(ConflictError(code: code, message: fault.message, path: fault.path))
    }
}

extension Result where Failure == TeamFaults {
    /// What was done, or all that kept it from being done.
    func payload<Payload>(_ make: (Success?, [UserError]) -> Payload) -> Payload {
        switch self {
        case .success(let value): make(value, [])
        case .failure(let faults): make(nil, faults.all.map(UserError.init))
        }
    }
}
