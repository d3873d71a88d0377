// The smallest server: `{ hello }` at http://127.0.0.1:8080/graphql
//
// usage: Hello [port]

import EventLoop
import GraphQLEngine
import GraphQLLanguage
import GraphQLSchema
import GraphQLTransport
import HTTPServer

@main
struct Hello {
    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap { UInt16($0) } ?? 8_080
        let group = try EventLoopGroup()
        let handler = GraphQLHandler(try Engine(HelloSchema.self))
        let address = try HTTPServer(group: group, handler: handler).listen(on: .loopback(port: port))
        print("http://\(address)/graphql")
        try await Task.sleep(for: .seconds(1_000_000_000))
    }
}

enum HelloSchema: SchemaBinding {
    static var sdl: StaticString { "type Query { hello: String! }" }

    static func root(_ operation: OperationType) -> ObjectColumn { Objects<Query>([Query.Root()]) }

    static func decodeArguments(
        type: Int,
        field: Int,
        _ arguments: [Value.Field],
        _ decoder: inout InputDecoder
    ) -> DecodedArguments? { nil }

    static func subscribe(_ field: Int, _ call: ResolverCall) async throws -> EventStream {
        throw GraphQLError("There are no subscriptions.")
    }
}

enum Query: ObjectBinding {
    struct Root: Sendable {}
    typealias Value = Root
    static let typeName = "Query"

    static func write(_ field: Int, of value: Root, to buffer: inout ResponseBuffer) {}

    static func resolve(_ field: Int, of parents: Batch<Root>, _ call: ResolverCall) async throws -> FieldColumn {
        FieldColumn("world", as: Leaf<String>.self)
    }
}
