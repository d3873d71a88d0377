import Actions
import PostgresClient

extension UserError {
    /// What keeps an action from being done, by the schema's word for it.
    init<Code>(_ fault: Fault<Code>) {
        // A word that the schema has not is a mistake of ours, which a test finds.
        let code = UserErrorCode(rawValue: fault.code.rawValue) ?? .invalidInput
        let (message, path) = (fault.message, fault.path)
        switch code {
        // The address is the provider's: no argument has it.
        case .emailTaken where fault is OAuthFault: self = .conflict(code, message, path)
        case .invalidInput, .emailTaken, .usernameTaken, .weakPassword: self = .invalid(message, path, code)
        // In the same words for what is not there and for what may not be seen.
        case .notFound: self = .notFound(path)
        case .forbidden: self = .forbiddenError(ForbiddenError(code: code, message: message, path: path))
        case .staleVersion:
            let version: Int32 = if case .version(let current) = fault.detail { current } else { 0 }
            self = .staleVersionError(
                StaleVersionError(code: code, message: message, path: path, currentVersion: version)
            )
        case .quotaExceeded:
            let (feature, limit, used) =
                if case .quota(let feature, let limit, let used) = fault.detail { (feature, limit, used) } else {
                    ("", 0, 0)
                }
            self = .quotaExceededError(
                QuotaExceededError(
                    code: code,
                    message: message,
                    path: path,
                    feature: feature,
                    limit: BigInt(limit),
                    used: BigInt(used)
                )
            )
        case .tokenInvalid, .invalidCredentials, .accountLocked, .accountSuspended, .oauthStateInvalid, .oauthRejected,
            .providerUnavailable, .emailUnverified:
            let retryAt: Timestamp? = if case .until(let time) = fault.detail { time } else { nil }
            self.init(code, message, path, retryAt: retryAt)
        // The state of things keeps it from being done.
        default: self = .conflict(code, message, path)
        }
    }
}

extension Faults {
    var userErrors: [UserError] { all.map { UserError($0) } }
}

extension Result {
    /// What was done, or all that kept it from being done.
    func payload<Payload, Code>(_ make: (Success?, [UserError]) -> Payload) -> Payload where Failure == Faults<Code> {
        switch self {
        case .success(let value): make(value, [])
        case .failure(let faults): make(nil, faults.userErrors)
        }
    }
}
