package import EventLoop

/// A value that is loaded when the first asks, and kept for all others. What failed is tried again by the next who asks.
///
/// `@unchecked Sendable`: confined to its loop.
package final class SharedValue<Value: Sendable>: @unchecked Sendable {
    private let loop: EventLoop
    private let load: @Sendable () async throws -> Value
    private var loaded: Value?
    private var waiting: [UnsafeContinuation<Value, any Error>] = []

    package init(on loop: EventLoop, _ load: @escaping @Sendable () async throws -> Value) {
        self.loop = loop
        self.load = load
    }

    package func get() async throws -> Value {
        loop.assertOnLoop()
        if let loaded { return loaded }
        return try await withUnsafeThrowingContinuation { continuation in
            waiting.append(continuation)
            guard waiting.count == 1 else { return }
            // In a task of its own: who asked first may be cancelled while others wait.
            loop.startTask { [self] in
                let outcome: Result<Value, any Error>
                do { outcome = .success(try await load()) } catch { outcome = .failure(error) }
                if case .success(let value) = outcome { loaded = value }
                let all = waiting
                waiting = []
                for one in all { one.resume(with: outcome) }
            }
        }
    }
}
