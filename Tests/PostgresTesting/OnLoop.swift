public import EventLoop
public import PostgresClient

private let loops: EventLoopGroup = {
    do { return try EventLoopGroup(count: 2) } catch { fatalError("tests need event loops: \(error)") }
}()

/// Runs `body` in a task of an event loop.
public func onLoop<Value: Sendable>(
    _ body: @escaping @Sendable (EventLoop) async throws -> Value
) async throws -> Value {
    let loop = loops.next()
    return try await withCheckedThrowingContinuation { continuation in
        loop.execute {
            loop.startTask {
                do { continuation.resume(returning: try await body(loop)) } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }
}

/// Runs `body` on a loop with a pool for the database, which is closed afterwards.
public func withPool<Value: Sendable>(
    _ connectionString: String,
    _ configure: @escaping @Sendable (inout PoolOptions) -> Void = { _ in },
    _ body: @escaping @Sendable (PostgresPool) async throws -> Value
) async throws -> Value {
    try await onLoop { loop in
        var options = PoolOptions(connectionString)
        configure(&options)
        let pool = PostgresPool(options, on: loop)
        defer { pool.close() }
        return try await body(pool)
    }
}
