import Actions
import Data
import EventLoop
package import GraphQLEngine
package import GraphQLSchema
internal import PostgresClient

/// The errors of those who may not, as clients see them.
enum AccessRefusal {
    static let unauthenticated = GraphQLError(
        "Sign in to select this field.",
        extensions: ["code": .string("UNAUTHENTICATED")]
    )
    static let unavailable = GraphQLError(
        "The server cannot do this at the moment.",
        extensions: ["code": .string("SERVICE_UNAVAILABLE")]
    )

    static let auditLog = missing("AUDIT_READ")
    static let teamKeyRefused = forbidden("A key of a team reaches that team alone.", reason: "TEAM_KEY")
    static let registrationClosed = forbidden(
        "Nobody can make an account at the moment.",
        reason: "REGISTRATION_CLOSED"
    )
    static let keyRefused = forbidden("Programs with a key cannot select this field.", reason: "SESSION_REQUIRED")

    /// What none of their roles allows, on the platform or in the team.
    static func missing(_ permission: String) -> GraphQLError {
        forbidden("This needs the permission \(permission).", reason: "MISSING_ROLE")
    }

    /// `reason` is a word that programs can act upon.
    static func forbidden(_ message: String, reason: String) -> GraphQLError {
        GraphQLError(message, extensions: ["code": .string("FORBIDDEN"), "reason": .string(reason)])
    }
}

extension EngineOptions {
    /// What clients see of what a resolver throws: that they ask too often, that the server is busy, or what is presented
    /// otherwise.
    package static func presenting(
        otherwise present: @escaping @Sendable (any Error) -> GraphQLError
    ) -> @Sendable (any Error) -> GraphQLError {
        { error in
            switch error {
            case let error as TooManyRequests:
                GraphQLError(
                    "Too many requests; try again in \(error.retryAfterSeconds) seconds.",
                    extensions: [
                        "code": .string("RATE_LIMITED"), "retryAfterSeconds": .int(error.retryAfterSeconds),
                    ]
                )
            case is NeedsSession: AccessRefusal.keyRefused
            case is SessionEnded: AccessRefusal.unauthenticated
            case let fault as PageFault:
                GraphQLError(fault.description, extensions: ["code": .string("BAD_USER_INPUT")])
            case BlockingPool.Refusal.queueFull, BlockingPool.Refusal.stopped: AccessRefusal.unavailable
            // Whoever presents also notes it: a database that refuses or is away is of interest.
            case let error as PostgresError: error.shown(or: present(error))
            default: present(error)
            }
        }
    }
}
