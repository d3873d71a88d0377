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
        let group = try EventLoopGroup()
        let handler = GraphQLHandler(try Engine.audit(), auditConfiguration(edition))
        let server = HTTPServer(group: group, handler: handler)
        let address = try server.listen(on: .loopback(port: port))
        print("listening on \(address)")
        fflush(nil)
        let (requests, source) = AsyncStream.makeStream(of: ProcessSignals.Request.self)
        let signals = try ProcessSignals { source.yield($0) }
        for await request in requests {
            switch request {
            case .drain:
                Task {
                    await group.drain(within: .seconds(5))
                    exit(0)
                }
            case .stopNow, .reload: exit(1)
            }
        }
        signals.cancel()
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
            return { _ in ExecutionContext() }
        }
        return configuration
    }
}
