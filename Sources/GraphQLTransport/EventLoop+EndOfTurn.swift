import EventLoop
import GraphQLEngine

extension LoadingContext {
    /// Loaders whose keys are gathered until everything that is ready on the loop has asked for its own.
    static func ofCurrentLoop() -> LoadingContext {
        guard let loop = EventLoop.current else { return LoadingContext(endOfTurn: endOfTurn) }
        return LoadingContext(
            endOfTurn: endOfTurn,
            // An operation for a stream of another loop is looked at here, and runs there.
            startTask: { operation in (EventLoop.current ?? loop).startTask { await operation() } }
        )
    }

    private static let endOfTurn: @Sendable () async -> Void = {
        guard let loop = EventLoop.current else { return await Task.yield() }
        await withCheckedContinuation { loop.atEndOfTurn(TurnEnd($0)) }
    }
}

private final class TurnEnd: EndOfTurnHandler {
    private let continuation: CheckedContinuation<Void, Never>
    init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }
    func endOfTurn() { continuation.resume() }
}
