import Actions
import Data
import EventLoop

/// The services for a command that runs once beside the server, or before it.
enum CommandServices {
    /// Migrates the database first.
    static func with<Value: Sendable>(
        _ configuration: Configuration,
        _ body: @escaping @Sendable (IdentityServices) async throws -> Value
    ) async throws -> Value {
        let place = try DatabasePlace(configuration)
        defer { place.stop() }
        let group = try EventLoopGroup()
        let database = try await Database.open(place.options, on: group)
        let services = try IdentityServices(configuration, database)
        let result: Result<Value, any Error>
        do { result = .success(try await group.loops[0].start { try await body(services) }) } catch {
            result = .failure(error)
        }
        await database.close()
        return try result.get()
    }
}
