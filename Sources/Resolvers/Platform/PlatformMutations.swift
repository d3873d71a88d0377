extension Mutation {
    static func ping(in context: RequestContext) async throws -> String { "pong" }
}
