package import Data
package import GraphQLEngine

/// What a request carries to its resolvers.
package final class RequestContext: ExecutionContext, @unchecked Sendable {
    // Unchecked because its base class is; what it holds never changes.
    let server: ServerFacts
    /// Nil in tests of what needs none.
    let database: Database?

    package init(_ loading: LoadingContext, _ server: ServerFacts, _ database: Database? = nil) {
        self.database = database
        self.server = server
        super.init(loading)
    }

    package override func contextForNextEvent() -> ExecutionContext { RequestContext(loading.renewed(), server) }
}

/// What the server knows of itself.
package struct ServerFacts: Sendable {
    let version: String
    let startedAtSeconds: Double
    /// The time in seconds since 1970.
    let clock: @Sendable () -> Double

    package init(version: String, clock: @escaping @Sendable () -> Double) {
        self.version = version
        self.clock = clock
        startedAtSeconds = clock()
    }
}

extension Engine {
    /// The engine of the application's schema.
    package static func application(_ options: EngineOptions = EngineOptions()) throws -> Engine {
        try Engine(GeneratedSchema.self, options: options)
    }
}
