package typealias TeamFault = Fault<TeamFaultCode>
package typealias TeamFaults = Faults<TeamFaultCode>

package enum TeamFaultCode: String, LookupFaultCode {
    case invalidInput = "INVALID_INPUT"
    case notFound = "NOT_FOUND"
    case forbidden = "FORBIDDEN"
    case nameTaken = "NAME_TAKEN"
    case staleVersion = "STALE_VERSION"
    case alreadyExists = "ALREADY_EXISTS"
    case alreadyMember = "ALREADY_MEMBER"
    case notAMember = "NOT_A_MEMBER"
    case lastOwner = "LAST_OWNER"
    case invalidTransition = "INVALID_TRANSITION"
    case tokenInvalid = "TOKEN_INVALID"
    case inviteExpired = "INVITE_EXPIRED"
    case inviteRevoked = "INVITE_REVOKED"
    case quotaExceeded = "QUOTA_EXCEEDED"
}
