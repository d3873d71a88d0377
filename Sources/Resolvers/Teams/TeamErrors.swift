import Actions

extension TeamFault: UserFault {
    var userError: UserError {
        switch code {
        case .invalidInput:
            .invalidInputError(InvalidInputError(code: .invalidInput, message: message, path: path))
        case .notFound: .notFound(path)
        case .forbidden: .forbiddenError(ForbiddenError(code: .forbidden, message: message, path: path))
        case .staleVersion(let current):
            .staleVersionError(
                StaleVersionError(code: .staleVersion, message: message, path: path, currentVersion: current)
            )
        case .tokenInvalid:
            .authenticationError(
                AuthenticationError(code: .tokenInvalid, message: message, path: path, retryAt: nil)
            )
        case .quota(let feature, let limit, let used):
            .quotaExceededError(
                QuotaExceededError(
                    code: .quotaExceeded,
                    message: message,
                    path: path,
                    feature: feature,
                    limit: BigInt(limit),
                    used: BigInt(used)
                )
            )
        case .nameTaken: .conflict(.nameTaken, message, path)
        case .alreadyExists: .conflict(.alreadyExists, message, path)
        case .alreadyMember: .conflict(.alreadyMember, message, path)
        case .notAMember: .conflict(.notAMember, message, path)
        case .lastOwner: .conflict(.lastOwner, message, path)
        case .invalidTransition: .conflict(.invalidTransition, message, path)
        case .inviteExpired: .conflict(.inviteExpired, message, path)
        case .inviteRevoked: .conflict(.inviteRevoked, message, path)
        }
    }
}
