package typealias OAuthFault = Fault<OAuthFaultCode>
package typealias OAuthFaults = Faults<OAuthFaultCode>

package enum OAuthFaultCode: String, LookupFaultCode {
    case invalidInput = "INVALID_INPUT"
    /// Begun elsewhere, taken already, or too long ago.
    case stateInvalid = "OAUTH_STATE_INVALID"
    /// The provider's user has not agreed, or what the provider says cannot be believed.
    case rejected = "OAUTH_REJECTED"
    case providerUnavailable = "PROVIDER_UNAVAILABLE"
    /// There is no address that the provider, or the account here, has confirmed.
    case emailUnverified = "EMAIL_UNVERIFIED"
    case emailTaken = "EMAIL_TAKEN"
    case accountSuspended = "ACCOUNT_SUSPENDED"
    /// By its owner.
    case accountClosed = "INVALID_CREDENTIALS"
    case accountLocked = "ACCOUNT_LOCKED"
    /// No user error: it is an error of the request, as it is for whoever registers by a password.
    case registrationClosed = "REGISTRATION_CLOSED"
    case alreadyExists = "ALREADY_EXISTS"
    case notFound = "NOT_FOUND"
    case lastSignInMethod = "LAST_SIGN_IN_METHOD"
}

extension OAuthFault {
    init(_ code: OAuthFaultCode, _ message: String, _ detail: FaultDetail? = nil) {
        self.init(code, ["input"], message, detail)
    }

    static var stateInvalid: OAuthFault {
        OAuthFault(.stateInvalid, ["input", "state"], "Not begun here, done already, or too long ago: begin anew.")
    }

    /// What a way to a provider has ended with, by the word it is kept as.
    init(kept word: String) {
        switch word {
        case "DENIED": self.init(.rejected, "The provider was told no.")
        case "UNAVAILABLE": self.init(.providerUnavailable, "The provider does not answer at the moment.")
        case "REFUSED": self.init(.rejected, "The provider does not know the sign-in any more; begin anew.")
        default: self.init(.rejected, "What the provider says cannot be believed.")
        }
    }
}
