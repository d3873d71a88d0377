internal import Synchronization

/// Something that was fetched from a provider, kept for an hour.
final class RecentDocument<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        /// When the value was fetched.
        var fetchedAt = -Double.infinity
        /// When it was last asked for, with success or without.
        var triedAt = -Double.infinity
    }

    private static var lifetime: Double { 3_600 }
    /// So often at most is it asked for again before its time, whatever comes in. So long goes one on, too, while somebody asks
    /// for its successor.
    private static var shortestInterval: Double { 60 }

    private let state = Mutex(State())

    func value(
        atSeconds now: Double,
        _ fetch: () async throws(ProviderFault) -> Value
    ) async throws(ProviderFault) -> Value {
        let known = state.withLock { state -> Value? in
            let age = abs(now - state.fetchedAt)
            if age < Self.lifetime { return state.value }
            let isAskedFor = abs(now - state.triedAt) < Self.shortestInterval
            if isAskedFor, age < Self.lifetime + Self.shortestInterval { return state.value }
            state.triedAt = now
            return nil
        }
        if let known { return known }
        return try await fetched(at: now, fetch)
    }

    /// One that is newer than what is known; nil where that was asked for a moment ago.
    func newer(
        atSeconds now: Double,
        _ fetch: () async throws(ProviderFault) -> Value
    ) async throws(ProviderFault) -> Value? {
        let mayFetch = state.withLock { state -> Bool in
            guard abs(now - state.triedAt) >= Self.shortestInterval else { return false }
            state.triedAt = now
            return true
        }
        return mayFetch ? try await fetched(at: now, fetch) : nil
    }

    private func fetched(
        at now: Double,
        _ fetch: () async throws(ProviderFault) -> Value
    ) async throws(ProviderFault) -> Value {
        let value = try await fetch()
        state.withLock { $0 = State(value: value, fetchedAt: now, triedAt: now) }
        return value
    }
}
