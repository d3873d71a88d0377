import EventLoop
import Synchronization

/// Streams by their tokens, from their reservation to their end; requests for one of them may come to any loop.
///
/// Whatever is kept for a stream that nobody has opened yet is counted, and goes when the time for opening it is over.
final class Reservations: Sendable {
    /// Where one stream is.
    fileprivate struct Entry {
        /// Whose it is.
        let client: String
        /// Nil until the client has opened the stream.
        var channel: EventChannel?
        var isOpening = false
        /// The server is going down: no operation begins any more.
        var isEnding = false
        /// Until when it has to be opened.
        let deadline: UInt64
        /// Operations that run, or wait for the stream, with their numbers, and the bytes of their requests.
        var names: [String: (number: Int, bytes: Int)] = [:]
        var requestBytes = 0
        var waiting: [EventChannel.Operation] = []
        var waitingBytes: Int { waiting.reduce(0) { $0 + $1.bytes } }

        mutating func remove(_ name: String) -> Int? {
            guard let known = names.removeValue(forKey: name) else { return nil }
            requestBytes -= known.bytes
            return known.number
        }
    }

    fileprivate struct State {
        var entries: [String: Entry] = [:]
        /// Streams by whose they are.
        var shares: [String: Int] = [:]
        var waitingBytes = 0
        var lastNumber = 0
        /// Whether a timer runs that will look for streams whose time is over.
        var isWatched = false
    }

    enum Reserving {
        /// With a token that nobody can guess.
        case reserved(String)
        /// There are too many, of all or of this client.
        case full, clientHasTooMany
    }

    enum Entering {
        /// To be started there.
        case start(EventChannel, EventChannel.Operation)
        /// Starts when the stream is opened.
        case waits
        case unknown, isTaken, isTooMuch, isEnding
        /// No more can wait for a stream that is not open.
        case mustOpenFirst
    }

    private let limits: SingleConnectionLimits
    private let state = Mutex(State())

    init(_ limits: SingleConnectionLimits) { self.limits = limits }

    /// Streams reserved or open, and the bytes of the requests that wait for some of them.
    var counts: (streams: Int, waitingBytes: Int) { state.withLock { ($0.entries.count, $0.waitingBytes) } }

    /// Reserves a stream; on this loop a timer looks after the reservations.
    func reserve(for client: String, on loop: EventLoop) -> Reserving {
        let deadline = EventLoop.monotonicTime() &+ limits.openTimeout.nanoseconds
        let token = "\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
        let (outcome, mustWatch) = state.withLock { state in
            guard state.entries.count < limits.maximumReservations else { return (Reserving.full, false) }
            guard state.shares[client, default: 0] < limits.maximumReservationsPerClient else {
                return (.clientHasTooMany, false)
            }
            state.entries[token] = Entry(client: client, deadline: deadline)
            state.shares[client, default: 0] += 1
            defer { state.isWatched = true }
            return (.reserved(token), !state.isWatched)
        }
        if mustWatch { watch(on: loop, until: deadline) }
        return outcome
    }

    func knows(_ token: String) -> Bool { state.withLock { $0.isAlive(token) } }

    /// Takes the one place there is for a stream; false when it is taken.
    func beginOpening(_ token: String) -> Bool {
        state.withLock { state in
            guard state.isAlive(token), state.entries[token]?.isOpening == false else { return false }
            state.entries[token]?.isOpening = true
            return true
        }
    }

    /// The stream is open; returns the operations that waited for it.
    func opened(_ token: String, _ channel: EventChannel) -> [EventChannel.Operation] {
        state.withLock { state in
            guard let entry = state.entries[token] else { return [] }
            state.waitingBytes -= entry.waitingBytes
            state.entries[token]?.channel = channel
            state.entries[token]?.waiting = []
            return entry.waiting
        }
    }

    /// Whether the operation is still wanted.
    func holds(_ token: String, _ operation: EventChannel.Operation) -> Bool {
        state.withLock { $0.entries[token]?.names[operation.name]?.number == operation.number }
    }

    func enter(_ token: String, _ operation: EventChannel.Operation) -> Entering {
        state.withLock { state in
            guard state.isAlive(token), let entry = state.entries[token] else { return .unknown }
            guard !entry.isEnding else { return .isEnding }
            guard entry.names[operation.name] == nil else { return .isTaken }
            let hasRoom = entry.names.isEmpty || entry.requestBytes + operation.bytes <= limits.maximumRequestBytes
            guard entry.names.count < limits.maximumOperations, hasRoom else { return .isTooMuch }
            if entry.channel == nil {
                let fits =
                    entry.waitingBytes + operation.bytes <= limits.maximumWaitingBytes
                    && state.waitingBytes + operation.bytes <= limits.maximumWaitingBytesOfAll
                guard fits else { return .mustOpenFirst }
            }
            state.lastNumber += 1
            var operation = operation
            operation.number = state.lastNumber
            state.entries[token]?.names[operation.name] = (operation.number, operation.bytes)
            state.entries[token]?.requestBytes += operation.bytes
            if let channel = entry.channel { return .start(channel, operation) }
            state.waitingBytes += operation.bytes
            state.entries[token]?.waiting.append(operation)
            return .waits
        }
    }

    /// The client wants no more of an operation; returns the channel on which it may be running, with its number.
    func stop(_ token: String, _ name: String) -> (EventChannel, Int)? {
        state.withLock { state in
            guard let number = state.entries[token]?.remove(name) else { return nil }
            if let index = state.entries[token]?.waiting.firstIndex(where: { $0.number == number }) {
                let operation = state.entries[token]?.waiting.remove(at: index)
                state.waitingBytes -= operation?.bytes ?? 0
            }
            return state.entries[token]?.channel.map { ($0, number) }
        }
    }

    /// An operation is over. Another one may have its name by now.
    func leave(_ token: String, _ name: String, _ number: Int) {
        state.withLock { state in
            if state.entries[token]?.names[name]?.number == number { _ = state.entries[token]?.remove(name) }
        }
    }

    /// Lets no operation begin any more.
    func end(_ token: String) { state.withLock { $0.entries[token]?.isEnding = true } }

    /// Whether no operation runs, or is on its way.
    func isIdle(_ token: String) -> Bool { state.withLock { $0.entries[token]?.names.isEmpty ?? true } }

    func close(_ token: String) { state.withLock { $0.forget(token) } }

    // MARK: Expiry

    private func watch(on loop: EventLoop, until deadline: UInt64) {
        loop.timer { [self] in dropExpired(on: loop) }.set(at: deadline)
    }

    /// Drops what was not opened in time, and looks again when more can be: four times in the time there is for opening one
    /// at most, as it looks at all of them.
    private func dropExpired(on loop: EventLoop) {
        let now = EventLoop.monotonicTime()
        let next = state.withLock { state in
            let unopened = state.entries.filter { !$0.value.isOpening }
            var next: UInt64?
            for (token, entry) in unopened {
                if entry.deadline <= now {
                    state.forget(token)
                } else {
                    next = min(next ?? .max, entry.deadline)
                }
            }
            state.isWatched = next != nil
            return next
        }
        if let next { watch(on: loop, until: max(next, now &+ limits.openTimeout.nanoseconds / 4)) }
    }
}

extension Reservations.State {
    /// Forgets a reservation that has not been opened in time.
    fileprivate mutating func isAlive(_ token: String) -> Bool {
        guard let entry = entries[token] else { return false }
        guard entry.isOpening || entry.deadline > EventLoop.monotonicTime() else {
            forget(token)
            return false
        }
        return true
    }

    fileprivate mutating func forget(_ token: String) {
        guard let entry = entries.removeValue(forKey: token) else { return }
        waitingBytes -= entry.waitingBytes
        let left = shares[entry.client, default: 1] - 1
        shares[entry.client] = left > 0 ? left : nil
    }
}
