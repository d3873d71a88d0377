/// Something that keeps a thing of chat from being made or changed, and that whoever asks can do something about.
package struct ChatFault: Error, Sendable, Equatable {
    package enum Code: String, Sendable {
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

    package let code: Code
    package let path: [String]
    package let message: String
    /// What there is too much of, and how much there may be.
    package let quota: Quota?
    /// The version that is there, where another one was expected.
    package let version: Int32?
    /// After how many seconds it may be done, where that is all it takes.
    let waitSeconds: Int?

    package struct Quota: Sendable, Equatable {
        package let feature: String
        package let limit: Int
        package let used: Int
    }

    init(
        _ code: Code,
        _ path: [String],
        _ message: String,
        quota: Quota? = nil,
        version: Int32? = nil,
        waitSeconds: Int? = nil
    ) {
        self.code = code
        self.path = path
        self.message = message
        self.quota = quota
        self.version = version
        self.waitSeconds = waitSeconds
    }

    static func notFound(_ path: [String]) -> ChatFault { ChatFault(.notFound, path, "There is no such thing.") }
    static func forbidden(_ path: [String]) -> ChatFault { ChatFault(.forbidden, path, "You may not do this here.") }

    static func quota(_ feature: String, _ path: [String], limit: Int, used: Int) -> ChatFault {
        let quota = Quota(feature: feature, limit: limit, used: used)
        return ChatFault(.quotaExceeded, path, "There are as many as there may be.", quota: quota)
    }
}

package typealias ChatFaults = Faults<ChatFault>

extension ChatFaults {
    /// Nil for errors that whoever asks can do nothing about.
    init?(of error: any Error) {
        if let faults = error as? ChatFaults {
            self = faults
        } else if let violation = ConstraintViolation(error), let fault = ChatFault(violation) {
            self.init(fault)
        } else {
            return nil
        }
    }
}
