internal import Synchronization

/// Something that was fetched from a provider, kept for an hour.
final class RecentDocument<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        /// When it was last asked for, with success or without.
        var fetchedAt = -Double.infinity
    }

    private static var lifetime: Double { 3_600 }
    /// So often at most is it asked for again before its time, whatever comes in.
    private static var shortestInterval: Double { 60 }

    private let state = Mutex(State())

    func value(
        atSeconds now: Double,
        _ fetch: () async throws(ProviderFault) -> Value
    ) async throws(ProviderFault) -> Value {
        let known = state.withLock { state -> Value? in
            abs(now - state.fetchedAt) < Self.lifetime ? state.value : nil
        }
        if let known { return known }
        let value = try await fetch()
        state.withLock { $0 = State(value: value, fetchedAt: now) }
        return value
    }

    /// One that is newer than what is known; nil where that was fetched a moment ago.
    func newer(
        atSeconds now: Double,
        _ fetch: () async throws(ProviderFault) -> Value
    ) async throws(ProviderFault) -> Value? {
        let mayFetch = state.withLock { state -> Bool in
            guard abs(now - state.fetchedAt) >= Self.shortestInterval else { return false }
            state.fetchedAt = now
            return true
        }
        guard mayFetch else { return nil }
        let value = try await fetch()
        state.withLock { $0.value = value }
        return value
    }
}
