// Takes files by the GraphQL multipart request specification and says what it got.
//
// usage: UploadServer [port], then
//   curl http://127.0.0.1:8080/graphql -H 'graphql-require-preflight: 1' \
//     -F operations='{"query":"mutation($f: Upload!) { upload(file: $f) { name size } }","variables":{"f":null}}' \
//     -F map='{"0":["variables.f"]}' -F 0=@README.md

import EventLoop
import GraphQLEngine
import GraphQLTransport
import HTTPServer

@main struct UploadServer {
    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap { UInt16($0) } ?? 8_080
        var configuration = GraphQLConfiguration()
        configuration.uploads = UploadLimits()
        configuration.connect = { _ in { RequestContext($0) } }
        let handler = GraphQLHandler(try Engine(GeneratedSchema.self), configuration)
        let server = HTTPServer(group: try EventLoopGroup(), handler: handler)
        print("http://\(try server.listen(on: .loopback(port: port)))/graphql")
        try await server.runUntilStopped()
    }
}
