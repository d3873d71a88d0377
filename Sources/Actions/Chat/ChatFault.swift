package typealias ChatFault = Fault<ChatFaultCode>
package typealias ChatFaults = Faults<ChatFaultCode>

package enum ChatFaultCode: String, LookupFaultCode {
    case invalidInput = "INVALID_INPUT"
    case notFound = "NOT_FOUND"
    case forbidden = "FORBIDDEN"
    case nameTaken = "NAME_TAKEN"
    case alreadyMember = "ALREADY_MEMBER"
    case notAMember = "NOT_A_MEMBER"
    case lastOwner = "LAST_OWNER"
    case roomArchived = "ROOM_ARCHIVED"
    case messageTooOld = "MESSAGE_TOO_OLD"
    case slowMode = "SLOW_MODE"
    case timedOut = "TIMED_OUT"
    case banned = "BANNED"
    case blocked = "BLOCKED"
    case quotaExceeded = "QUOTA_EXCEEDED"
    case alreadyExists = "ALREADY_EXISTS"
    case staleVersion = "STALE_VERSION"
    case invalidTransition = "INVALID_TRANSITION"
    case callBusy = "CALL_BUSY"
    case callEnded = "CALL_ENDED"
    case vendorAlreadyRegistered = "VENDOR_ALREADY_REGISTERED"
    case sellerAlreadyExists = "SELLER_ALREADY_EXISTS"
}

extension ChatFault {
    static func forbidden(_ path: [String]) -> ChatFault { ChatFault(.forbidden, path, "You may not do this here.") }

    static func quota(_ feature: String, _ path: [String], limit: Int, used: Int) -> ChatFault {
        let quota = FaultDetail.quota(feature, limit: limit, used: used)
        return ChatFault(.quotaExceeded, path, "There are as many as there may be.", quota)
    }
}
