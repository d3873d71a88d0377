package import PostgresClient

/// What may be the work of somebody who means no good, for whoever reads the log. The audit log has it, too.
package struct Suspicion: Sendable {
    package enum Kind: String, Sendable {
        /// Somebody asks for more than they may: once a minute for each.
        case limitExceeded = "limit exceeded"
        /// A refresh token came back that was used before: one of two has stolen it.
        case tokenReused = "token reused"
    }

    package let kind: Kind
    package let actor: UUID?
    package let client: ClientInfo
}
