import Actions
import Data
import GraphQLEngine

extension Query {
    static func userByUsername(
        _ arguments: QueryUserByUsernameArguments,
        in context: RequestContext
    ) async throws -> User? {
        // PostgreSQL's text has no zero; nobody's name has one either.
        guard !arguments.username.utf8.contains(0) else { return nil }
        let viewer = try await context.signedIn()
        return try await context.databaseInUse().session.user(username: arguments.username)
            .map { User($0, for: viewer) }
    }

    static func usernameAvailable(
        _ arguments: QueryUsernameAvailableArguments,
        in context: RequestContext
    ) async throws -> Bool? {
        let (services, _) = try context.identityServices()
        return try await UsernameCheck(services).isAvailable(arguments.username)
    }
}
