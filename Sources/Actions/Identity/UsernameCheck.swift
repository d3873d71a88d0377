internal import Data

/// Whether a user name can be had. It tells no more than registering does, which says so of a name that somebody has.
package struct UsernameCheck {
    private let services: IdentityServices

    package init(_ services: IdentityServices) { self.services = services }

    package func isAvailable(_ username: String) async throws -> Bool {
        guard AccountNames.isUsername(username), !AccountNames.isReserved(username) else { return false }
        return try await !services.database.session.isTaken(username: username)
    }
}
