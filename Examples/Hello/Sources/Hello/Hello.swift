import EventLoop
import GraphQLEngine
import GraphQLTransport
import HTTPServer

extension Query {
    static func hello(in context: ExecutionContext) async throws -> String { "world" }
}

@main struct Hello {
    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap { UInt16($0) } ?? 8_080
        let server = HTTPServer(
            group: try EventLoopGroup(),
            handler: GraphQLHandler(try Engine(GeneratedSchema.self))
        )
        print("http://\(try server.listen(on: .loopback(port: port)))/graphql")
        try await server.runUntilStopped()
    }
}
