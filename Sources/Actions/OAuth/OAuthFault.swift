package import PostgresClient

/// Something that keeps somebody from signing in by an account elsewhere.
package struct OAuthFault: Error, Sendable, Equatable {
    package enum Code: Sendable, Equatable {
        case invalidInput
        /// Begun elsewhere, taken already, or too long ago.
        case stateInvalid
        /// The provider's user has not agreed, or what the provider says cannot be believed.
        case rejected
        case providerUnavailable
        /// There is no address that the provider, or the account here, has confirmed.
        case emailUnverified
        case emailTaken
        case accountSuspended
        /// By its owner.
        case accountClosed
        case accountLocked(until: Timestamp)
        case registrationClosed
        case alreadyExists
        case notFound
        case lastSignInMethod
    }

    package let code: Code
    package let path: [String]
    package let message: String

    init(_ code: Code, _ message: String, _ path: [String] = ["input"]) {
        self.code = code
        self.path = path
        self.message = message
    }

    static let stateInvalid = OAuthFault(
        .stateInvalid,
        "Not begun here, done already, or too long ago: begin anew.",
        ["input", "state"]
    )

    /// What a way to a provider has ended with, by the word it is kept as.
    init(kept word: String) {
        switch word {
        case "DENIED": self.init(.rejected, "The provider was told no.")
        case "UNAVAILABLE": self.init(.providerUnavailable, "The provider does not answer at the moment.")
        case "REFUSED": self.init(.rejected, "The provider does not know the sign-in any more; begin anew.")
        default: self.init(.rejected, "What the provider says cannot be believed.")
        }
    }

    /// The word for the audit log.
    var auditCode: String {
        switch code {
        case .invalidInput: "INVALID_INPUT"
        case .stateInvalid: "OAUTH_STATE_INVALID"
        case .rejected: "OAUTH_REJECTED"
        case .providerUnavailable: "PROVIDER_UNAVAILABLE"
        case .emailUnverified: "EMAIL_UNVERIFIED"
        case .emailTaken: "EMAIL_TAKEN"
        case .accountSuspended: "ACCOUNT_SUSPENDED"
        case .accountClosed: "INVALID_CREDENTIALS"
        case .accountLocked: "ACCOUNT_LOCKED"
        case .registrationClosed: "REGISTRATION_CLOSED"
        case .alreadyExists: "ALREADY_EXISTS"
        case .notFound: "NOT_FOUND"
        case .lastSignInMethod: "LAST_SIGN_IN_METHOD"
        }
    }
}
