package import PostgresClient

/// What may be the work of somebody who means no good, for whoever reads the log. Of names and addresses of accounts it says
/// nothing: an account is told by its id.
package struct Suspicion: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Somebody asks for more than they may: once a minute for each.
        case limitExceeded = "limit exceeded"
        /// A refresh token came back that was used before: one of two has stolen it.
        case tokenReused = "token reused"
        /// An address was not let in ten times within ten minutes.
        case signInsRefused = "sign-ins refused"
        /// An address tried to sign in to five accounts within ten minutes, and could not.
        case accountsTried = "accounts tried"
        /// Failures have locked an account, or a name that none has.
        case accountLocked = "account locked"
        /// Failures have locked an address.
        case addressLocked = "address locked"
        /// A key was shown that is none, or does not count there or any more: once a minute for each address.
        case keyRefused = "key refused"
        /// A document or an operation is beyond a limit, such as that of depth or cost: once a minute for each address.
        case operationTooLarge = "operation too large"
    }

    package let kind: Kind
    package let actor: UUID?
    package let client: ClientInfo
}

/// Why somebody was not let in who wanted to show who they are.
package enum SignInRefusal: String, Sendable, CaseIterable {
    case wrongPassword = "wrong_password"
    /// Of a second factor.
    case wrongCode = "wrong_code"
    case locked
    case suspended
    /// Too many attempts from an address.
    case limited
}

/// Why a key of a program does not count.
package enum KeyRefusal: String, Error, Sendable, CaseIterable {
    case unknown
    case wrongSecret = "wrong_secret"
    /// Revoked or expired.
    case over
    /// Its owner or its team is gone, or suspended.
    case owner
    /// Not from this address.
    case address
}
