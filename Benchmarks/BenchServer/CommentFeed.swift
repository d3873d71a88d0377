import Synchronization

/// Who listens to which post, in this process.
final class CommentFeed: Sendable {
    private struct State {
        var listeners: [Int32: [UInt64: AsyncStream<CommentRow>.Continuation]] = [:]
        var next: UInt64 = 0
    }
    private let state = Mutex(State())
    /// Comments kept for a listener that does not keep up; older ones are dropped.
    private let kept = 1_000

    func comments(on post: Int32) -> AsyncStream<CommentRow> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: CommentRow.self,
            bufferingPolicy: .bufferingNewest(kept)
        )
        let number = state.withLock { state in
            state.next += 1
            state.listeners[post, default: [:]][state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [self] _ in
            state.withLock { state in
                state.listeners[post]?[number] = nil
                if state.listeners[post]?.isEmpty == true { state.listeners[post] = nil }
            }
        }
        return stream
    }

    func publish(_ comment: CommentRow) {
        let listeners = state.withLock { $0.listeners[comment.postNumber] ?? [:] }
        for listener in listeners.values { listener.yield(comment) }
    }
}
