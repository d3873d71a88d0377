import GraphQLSchema
import Synchronization

/// What a request knows of its keys: the one of the mutation that runs now, as they run one after the other, and whether
/// an answer was given before.
final class IdempotencyRecord: Sendable {
    private struct State {
        var call: IdempotentCall?
        var hasReplayed = false
    }

    private let state = Mutex(State())

    func expect(_ call: IdempotentCall) { state.withLock { $0.call = call } }

    /// Nil for mutations that take no keys.
    func take() -> IdempotentCall? {
        state.withLock { state in
            defer { state.call = nil }
            return state.call
        }
    }

    func noteReplay() { state.withLock { $0.hasReplayed = true } }

    /// For `extensions` of the answer.
    var extensions: [Value.Field] {
        guard state.withLock({ $0.hasReplayed }) else { return [] }
        return [Value.Field("idempotency", .object([Value.Field("replayed", .boolean(true))]))]
    }
}
