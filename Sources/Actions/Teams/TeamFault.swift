/// Something that keeps a team from being made or changed, and that whoever asks can do something about.
package struct TeamFault: Error, Sendable, Equatable {
    package enum Code: Sendable, Equatable {
        case invalidInput
        case notFound
        case forbidden
        case nameTaken
        case staleVersion(current: Int32)
        case alreadyExists
        case alreadyMember
        case notAMember
        case lastOwner
        case invalidTransition
        case tokenInvalid
        case inviteExpired
        case inviteRevoked
        case quota(feature: String, limit: Int, used: Int)
    }

    package let code: Code
    package let path: [String]
    package let message: String

    init(_ code: Code, _ path: [String], _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    static func notFound(_ path: [String]) -> TeamFault { TeamFault(.notFound, path, "There is no such thing.") }

    static func forbidden(_ path: [String], _ message: String) -> TeamFault { TeamFault(.forbidden, path, message) }
}

package typealias TeamFaults = Faults<TeamFault>

extension TeamFault {
    /// The word for the audit log.
    var auditCode: String {
        switch code {
        case .invalidInput: "INVALID_INPUT"
        case .notFound: "NOT_FOUND"
        case .forbidden: "FORBIDDEN"
        case .nameTaken: "NAME_TAKEN"
        case .staleVersion: "STALE_VERSION"
        case .alreadyExists: "ALREADY_EXISTS"
        case .alreadyMember: "ALREADY_MEMBER"
        case .notAMember: "NOT_A_MEMBER"
        case .lastOwner: "LAST_OWNER"
        case .invalidTransition: "INVALID_TRANSITION"
        case .tokenInvalid: "TOKEN_INVALID"
        case .inviteExpired: "INVITE_EXPIRED"
        case .inviteRevoked: "INVITE_REVOKED"
        case .quota: "QUOTA_EXCEEDED"
        }
    }
}
