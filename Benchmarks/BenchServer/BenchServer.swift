// The server that Benchmarks/peers compares with others: its own schema, our transport, executor and PostgreSQL client,
// with everything that protects a production server left on.

import EventLoop
import Glibc
import GraphQLEngine
import GraphQLTransport
import HTTPServer
import PostgresClient
import PostgresEmbedded

@main
struct BenchServer {
    static func main() async throws {
        guard let options = try? Options(Array(CommandLine.arguments.dropFirst())) else {
            print(Options.usage)
            exit(2)
        }
        if options.printsSeed { return print(Seed.script, terminator: "") }
        let embedded = try options.database == nil ? EmbeddedPostgres(folder: "/tmp/atrium-bench-\(getpid())") : nil
        guard let database = options.database ?? embedded?.connectionString else { exit(2) }
        HeapMemory.keepFreed()
        let group = try EventLoopGroup(count: options.threads)
        let pools = try await pools(database, group)
        try await planted(pools[0])
        let server = HTTPServer(group: group, handler: try handler(options, pools))
        print("listening on \(try server.listen(on: .loopback(port: options.port)))")
        fflush(nil)
        try await server.runUntilStopped(drain: .seconds(1))
        if let embedded {
            embedded.stop()
            _ = system("rm -rf '\(embedded.folder)'")
        }
    }

    /// A pool for each loop.
    private static func pools(_ database: String, _ group: EventLoopGroup) async throws -> [PostgresPool] {
        var pools: [PostgresPool] = []
        for loop in group.loops {
            var options = PoolOptions(database)
            options.primary.applicationName = "BenchServer"
            options.statementDeadline = .seconds(60)
            pools.append(try await loop.run { [options] in PostgresPool(options, on: loop) })
        }
        return pools
    }

    /// Fills an empty database, on the pool's loop.
    private static func planted(_ pool: PostgresPool) async throws {
        try await withCheckedThrowingContinuation { continuation in
            pool.loop.execute {
                pool.loop.startTask {
                    do {
                        try await Seed.plant(pool)
                        continuation.resume()
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
            }
        }
    }

    private static func handler(_ options: Options, _ pools: [PostgresPool]) throws -> GraphQLHandler {
        var engine = EngineOptions()
        if !options.cachesDocuments { engine.documentCacheBytes = 0 }
        // Everything is checked, but the 62,500 objects of `shelves` are within bounds.
        engine.limits.points = 100_000
        engine.limits.nodes = 100_000
        var graphQL = GraphQLConfiguration()
        if let trusted = options.trusted { graphQL.trustedDocuments = .only(try DocumentManifest(file: trusted)) }
        let feed = CommentFeed()
        graphQL.connect = { _ in
            { loading in BenchContext(loading, pools[EventLoop.current?.index ?? 0], feed) }
        }
        return GraphQLHandler(try Engine(GeneratedSchema.self, options: engine), graphQL)
    }
}
