import EventLoop
import Synchronization

/// What is to be sent to another server by and by: as much as there is room for, in batches, and never so that somebody waits for
/// it.
final class Outbox<Item: Sendable>: Sendable {
    struct Options: Sendable {
        /// What may wait; beyond, it is counted and dropped.
        var limit: Int
        /// What is sent together.
        var batch: Int
        /// How long others are waited for to be sent together.
        var delay: Duration
    }

    struct Counts: Sendable, Equatable {
        var sent: UInt64 = 0
        /// For want of room.
        var dropped: UInt64 = 0
        /// That the other server did not take, or not in time.
        var lost: UInt64 = 0
        var waiting = 0
    }

    private struct State {
        var items: [Item] = []
        var counts = Counts()
        var isRunning = false
        var underWay = 0
        var isDraining = false
        /// There is no more time to send anything.
        var isOver = false
        /// Sends what waits.
        var sender: Task<Void, Never>?
        /// Waits for others to be sent together.
        var pause: Task<Void, Never>?
    }

    private let options: Options
    private let loop: EventLoop
    private let send: @Sendable ([Item]) async -> Bool
    private let state = Mutex(State())

    /// - Parameter send: on `loop`; whether the other server has taken them, after as many attempts as make sense.
    init(_ options: Options, on loop: EventLoop, _ send: @escaping @Sendable ([Item]) async -> Bool) {
        self.options = options
        self.loop = loop
        self.send = send
    }

    var counts: Counts {
        state.withLock { state in
            var counts = state.counts
            counts.waiting = state.items.count
            return counts
        }
    }

    /// From any thread.
    func add(_ item: Item) {
        let begins = state.withLock { state in
            guard !state.isOver else {
                state.counts.lost &+= 1
                return false
            }
            guard state.items.count < options.limit else {
                state.counts.dropped &+= 1
                return false
            }
            state.items.append(item)
            guard !state.isRunning else { return false }
            state.isRunning = true
            return true
        }
        guard begins else { return }
        loop.execute { [self] in
            let sender = loop.startTask { [self] in await run() }
            state.withLock { $0.sender = sender }
        }
    }

    /// Sends what waits, and what is added meanwhile; at most for so long, and what was not taken by then is lost. On the loop.
    func drain(within limit: Duration) async {
        let pause = state.withLock { state in
            state.isDraining = true
            return state.pause
        }
        pause?.cancel()
        let done: Void? = try? await loop.within(limit) { [self] in
            while !Task.isCancelled {
                guard await sendBatch() else { continue }
                guard state.withLock({ $0.underWay }) > 0 else { return }
                try? await loop.sleep(for: .milliseconds(10))
            }
        }
        if done == nil { giveUp() }
    }

    private func giveUp() {
        let sender = state.withLock { state in
            state.isOver = true
            state.counts.lost &+= UInt64(state.items.count + state.underWay)
            (state.items, state.underWay) = ([], 0)
            return state.sender
        }
        sender?.cancel()
    }

    private func run() async {
        repeat {
            let isFull = state.withLock { $0.items.count >= options.batch || $0.isDraining }
            if !isFull { await pause() }
            while await !sendBatch() {}
        } while !state.withLock { state in
            state.isRunning = !state.items.isEmpty
            return !state.isRunning
        }
    }

    private func pause() async {
        let pause = loop.startTask { [loop, options] in
            do { try await loop.sleep(for: options.delay) } catch {}
        }
        let isDraining = state.withLock { state in
            state.pause = pause
            return state.isDraining
        }
        if isDraining { pause.cancel() }
        await pause.value
        state.withLock { $0.pause = nil }
    }

    /// True when there was nothing to send.
    private func sendBatch() async -> Bool {
        let batch = state.withLock { state in
            let batch = Array(state.items.prefix(options.batch))
            state.items.removeFirst(batch.count)
            state.underWay += batch.count
            return batch
        }
        guard !batch.isEmpty else { return true }
        let isTaken = await send(batch)
        state.withLock { state in
            // It was counted when there was no more time.
            guard !state.isOver else { return }
            state.underWay -= batch.count
            if isTaken { state.counts.sent &+= UInt64(batch.count) } else { state.counts.lost &+= UInt64(batch.count) }
        }
        return false
    }
}
