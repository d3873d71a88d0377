extension Query {
    static func serverInfo(in context: RequestContext) async throws -> ServerInfo {
        let server = context.server
        return ServerInfo(
            version: server.version,
            startedAtSeconds: server.startedAtSeconds,
            uptimeSeconds: Int32(clamping: Int(server.clock() - server.startedAtSeconds)),
            capabilities: ServerCapability.allCases
        )
    }
}
