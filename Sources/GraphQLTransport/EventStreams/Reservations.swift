import EventLoop
import Synchronization

/// Streams by their tokens, from their reservation to their end; requests for one of them may come to any loop.
final class Reservations: Sendable {
    /// Where one stream is.
    private struct Entry {
        /// Nil until the client has opened the stream.
        var channel: EventChannel?
        var isOpening = false
        /// Until when it has to be opened.
        var deadline: UInt64
        /// Operations that run, or wait for the stream.
        var names: Set<String> = []
        var waiting: [EventChannel.Operation] = []
    }

    enum Entering {
        /// To be started there.
        case start(EventChannel)
        /// Starts when the stream is opened.
        case waits
        case unknown, isTaken, isTooMuch
    }

    private let limits: SingleConnectionLimits
    private let entries = Mutex<[String: Entry]>([:])

    init(_ limits: SingleConnectionLimits) { self.limits = limits }

    /// A token nobody can guess; nil when there are too many already.
    func reserve() -> String? {
        let now = EventLoop.monotonicTime()
        let token = "\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
        return entries.withLock { entries in
            if entries.count >= limits.maximumReservations {
                entries = entries.filter { $0.value.isOpening || $0.value.deadline > now }
            }
            guard entries.count < limits.maximumReservations else { return nil }
            entries[token] = Entry(deadline: now &+ limits.openTimeout.nanoseconds)
            return token
        }
    }

    func knows(_ token: String) -> Bool { entries.withLock { Self.isAlive(token, &$0) } }

    /// Takes the one place there is for a stream; false when it is taken.
    func beginOpening(_ token: String) -> Bool {
        entries.withLock { entries in
            guard Self.isAlive(token, &entries), entries[token]?.isOpening == false else { return false }
            entries[token]?.isOpening = true
            return true
        }
    }

    /// The stream is open; returns the operations that waited for it.
    func opened(_ token: String, _ channel: EventChannel) -> [EventChannel.Operation] {
        entries.withLock { entries in
            let waiting = entries[token]?.waiting ?? []
            entries[token]?.channel = channel
            entries[token]?.waiting = []
            return waiting
        }
    }

    /// Whether the operation is still wanted.
    func holds(_ token: String, _ name: String) -> Bool {
        entries.withLock { $0[token]?.names.contains(name) ?? false }
    }

    func enter(_ token: String, _ operation: EventChannel.Operation) -> Entering {
        entries.withLock { entries in
            guard Self.isAlive(token, &entries), let entry = entries[token] else { return .unknown }
            guard !entry.names.contains(operation.name) else { return .isTaken }
            guard entry.names.count < limits.maximumOperations else { return .isTooMuch }
            entries[token]?.names.insert(operation.name)
            if let channel = entry.channel { return .start(channel) }
            entries[token]?.waiting.append(operation)
            return .waits
        }
    }

    /// Forgets an operation; returns the channel on which it may be running.
    @discardableResult
    func leave(_ token: String, _ name: String) -> EventChannel? {
        entries.withLock { entries in
            guard entries[token]?.names.remove(name) != nil else { return nil }
            entries[token]?.waiting.removeAll { $0.name == name }
            return entries[token]?.channel
        }
    }

    func close(_ token: String) { entries.withLock { $0[token] = nil } }

    /// Forgets a reservation that has not been opened in time.
    private static func isAlive(_ token: String, _ entries: inout [String: Entry]) -> Bool {
        guard let entry = entries[token] else { return false }
        if !entry.isOpening, entry.deadline <= EventLoop.monotonicTime() {
            entries[token] = nil
            return false
        }
        return true
    }
}
