// Serves the audit schema at /graphql, over HTTP, WebSocket and event streams, for audits from outside.
//
// usage: AuditServer [port] [legacy | september2026]

import AuditSchema
import EventLoop
import Glibc
import GraphQLEngine
import GraphQLSchema
import GraphQLTransport
import HTTPServer

@main
struct AuditServer {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard let port = arguments.count > 1 ? UInt16(arguments[1]) : 4_000 else {
            print("usage: AuditServer [port] [legacy | september2026]")
            exit(2)
        }
        let edition: StatusCodes = arguments.dropFirst(2).first == "september2026" ? .september2026 : .legacy
        let handler = GraphQLHandler(try Engine.audit(), auditConfiguration(edition))
        let server = HTTPServer(group: try EventLoopGroup(), handler: handler)
        let address = try server.listen(on: .loopback(port: port))
        print("listening on \(address)")
        fflush(nil)
        try await server.runUntilStopped(drain: .seconds(5))
    }

    /// Audits send GET requests as any browser would, without the header that browsers cannot forge.
    static func auditConfiguration(_ edition: StatusCodes) -> GraphQLConfiguration {
        var configuration = GraphQLConfiguration()
        configuration.statusCodes = edition
        configuration.requiresPreflight = false
        configuration.socket.initialisationTimeout = .seconds(3)
        configuration.singleConnection = SingleConnectionLimits()
        configuration.persistedQueries = MemoryDocumentStore()
        configuration.connect = { connecting in
            guard connecting.payload?["reject"] != .boolean(true) else { throw ConnectionRefused("Forbidden") }
            return { ExecutionContext($0) }
        }
        return configuration
    }
}
