package import EventLoop

/// Loads by key for all who ask on a loop: the keys of one turn in one call, equal keys once. Nothing is kept afterwards.
///
/// What one of a thousand listeners asks for is asked for by the others in the same turn. Whoever is cancelled meanwhile
/// hears the outcome nevertheless, as do the others.
///
/// `@unchecked Sendable`: confined to its loop.
package final class SharedLoad<Key: Hashable & Sendable, Value: Sendable>: EndOfTurnHandler, @unchecked Sendable {
    private let loop: EventLoop
    private let keyLimit: Int
    private let load: @Sendable ([Key]) async throws -> [Key: Value]
    private var waiting: [Key: [UnsafeContinuation<Value?, any Error>]] = [:]
    /// The keys in the order in which they were first asked for.
    private var keys: [Key] = []

    /// - Parameter keyLimit: how many keys one call takes at most.
    package init(
        on loop: EventLoop,
        keyLimit: Int = 1_000,
        _ load: @escaping @Sendable ([Key]) async throws -> [Key: Value]
    ) {
        self.loop = loop
        self.keyLimit = keyLimit
        self.load = load
    }

    /// Nil where there is nothing for the key.
    package func value(for key: Key) async throws -> Value? {
        loop.assertOnLoop()
        return try await withUnsafeThrowingContinuation { continuation in
            if keys.isEmpty { loop.atEndOfTurn(self) }
            if waiting[key] == nil { keys.append(key) }
            waiting[key, default: []].append(continuation)
        }
    }

    package func endOfTurn() {
        var (keys, waiting) = (keys[...], waiting)
        self.keys = []
        self.waiting = [:]
        while !keys.isEmpty {
            let part = Array(keys.prefix(keyLimit))
            keys = keys.dropFirst(keyLimit)
            let askers = part.map { waiting.removeValue(forKey: $0) ?? [] }
            loop.startTask { [load] in
                do {
                    let values = try await load(part)
                    for (key, askers) in zip(part, askers) {
                        for asker in askers { asker.resume(returning: values[key]) }
                    }
                } catch {
                    for asker in askers.joined() { asker.resume(throwing: error) }
                }
            }
        }
    }
}
