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
    let task = try await loop.run {
        loop.startTask { () -> Result<Value, any Error> in
            do { return .success(try await body(loop)) } catch { return .failure(error) }
        }
    }
    // A test that has run out of its time ends what it waits for.
    return try await withTaskCancellationHandler {
        await task.value
    } onCancel: {
        task.cancel()
    }.get()
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
