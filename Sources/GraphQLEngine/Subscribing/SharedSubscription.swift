import GraphQLSchema
import Synchronization

/// The events of one source, executed and encoded once for all subscribers that would get the same answers.
///
/// The source is read at the pace of its fastest reader: the next event is waited for when somebody has nothing left to
/// read. Whoever falls behind by more than ``SubscriptionLimits/keptEvents`` is cut, and learns why behind what was kept
/// for it. When the last reader has left, the source is cancelled.
final class SharedSubscription: Sendable {
    typealias Delivery = ReaderList.Delivery

    private enum Phase: Equatable {
        /// The source is being opened. → `running` or `ended`.
        case opening
        /// Events come. → `ended`.
        case running
        /// Nobody may join any more. Final.
        case ended
    }

    private struct State {
        var phase = Phase.opening
        /// Why the source could not be opened.
        var refusal: Response?
        var readers = ReaderList()
        var openers: [CheckedContinuation<Void, Never>] = []
        var task: Task<Void, Never>?
        /// The source, waiting until somebody has nothing left to read.
        var pause: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let keptEvents: Int
    private let counters: SubscriptionCounters
    /// Called when nobody may join any more.
    private let ended: @Sendable (SharedSubscription) -> Void

    init(
        _ limits: SubscriptionLimits,
        _ counters: SubscriptionCounters,
        ended: @escaping @Sendable (SharedSubscription) -> Void
    ) {
        keptEvents = max(limits.keptEvents, 1)
        self.counters = counters
        self.ended = ended
    }

    // MARK: Readers

    /// The number of a new reader; nil when the source is over.
    func join() -> Int? {
        state.withLock { state in
            guard state.phase != .ended else { return nil }
            // Somebody who has nothing left to read.
            state.pause.take()?.resume()
            return state.readers.add()
        }
    }

    /// Returns when the source is open, or with the reason why it is not.
    func opened(for number: Int) async -> Response? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDecided = state.withLock { state in
                    guard state.phase == .opening else { return true }
                    state.openers.append(continuation)
                    return false
                }
                if isDecided { continuation.resume() }
            }
        } onCancel: {
            leave(number)
        }
        return state.withLock { $0.refusal }
    }

    /// What a reader is told next.
    func next(for number: Int) async -> Delivery {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = next(for: number) { continuation.resume(returning: $0) }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            leave(number)
        }
    }

    /// What a reader is told next, if that is known; else `later` is told once it is.
    func next(for number: Int, orLater later: @escaping @Sendable (Delivery) -> Void) -> Delivery? {
        var (delivery, pause) = (Delivery?.none, CheckedContinuation<Void, Never>?.none)
        state.withLock { state in
            guard let place = state.readers.place(of: number) else { return delivery = .failure(CancellationError()) }
            if state.readers[place].kept.isEmpty {
                delivery = state.readers[place].end
                if delivery == nil { state.readers[place].waiting = later }
            } else {
                delivery = .success(state.readers[place].kept.removeFirst())
            }
            guard state.readers[place].kept.isEmpty else { return }
            pause = state.pause.take()
        }
        pause?.resume()
        return delivery
    }

    /// Forgets a reader. The last one ends the source.
    func leave(_ number: Int) {
        var waiting: (@Sendable (Delivery) -> Void)?
        var (task, pause) = (Task<Void, Never>?.none, CheckedContinuation<Void, Never>?.none)
        let isLast = state.withLock { state in
            guard let reader = state.readers.remove(number) else { return false }
            waiting = reader.waiting
            // The one that left may have been the only one the source went on for, or the only slow one.
            pause = state.pause.take()
            guard state.readers.count == 0, state.phase != .ended else { return false }
            state.phase = .ended
            task = state.task
            return true
        }
        waiting?(.failure(CancellationError()))
        if isLast {
            task?.cancel()
            ended(self)
        }
        pause?.resume()
    }

    // MARK: The source

    /// Keeps the task that runs the source, to cancel it when the last reader leaves.
    func keep(_ task: Task<Void, Never>) {
        let isOver = state.withLock { state in
            state.task = task
            return state.phase == .ended
        }
        if isOver { task.cancel() }
    }

    /// Nobody could be subscribed.
    func refuse(_ response: Response) { finish(refusal: response, .success(nil)) }

    /// The source is open; events follow.
    func begin() {
        let openers = state.withLock { state in
            if state.phase == .opening { state.phase = .running }
            defer { state.openers = [] }
            return state.openers
        }
        for opener in openers { opener.resume() }
    }

    /// Returns when somebody has nothing left to read.
    func paced() async {
        await withCheckedContinuation { continuation in
            let mayGoOn = state.withLock { state in
                guard state.phase == .running, !state.readers.isAnybodyHungry else { return true }
                state.pause = continuation
                return false
            }
            if mayGoOn { continuation.resume() }
        }
    }

    /// Hands an answer to all readers.
    func publish(_ response: Response) {
        var waiting: [@Sendable (Delivery) -> Void] = []
        var cut = 0
        state.withLock { state in
            waiting.reserveCapacity(state.readers.count)
            state.readers.update { reader in
                if let tell = reader.waiting.take() {
                    waiting.append(tell)
                } else if reader.end == nil {
                    if reader.kept.count < keptEvents {
                        reader.kept.append(response)
                    } else {
                        reader.end = .failure(Self.tooSlow)
                        cut += 1
                    }
                }
            }
        }
        counters.publish(to: waiting.count, cut: cut)
        let delivery = Delivery.success(response)
        for tell in waiting { tell(delivery) }
    }

    /// No more events come. What is kept for readers they still get.
    func finish(refusal: Response? = nil, _ end: Delivery) {
        var waiting: [@Sendable (Delivery) -> Void] = []
        var openers: [CheckedContinuation<Void, Never>] = []
        let isNews = state.withLock { state in
            state.refusal = refusal
            swap(&openers, &state.openers)
            state.readers.update { reader in
                if let tell = reader.waiting.take() { waiting.append(tell) }
                if reader.end == nil { reader.end = end }
            }
            defer { state.phase = .ended }
            return state.phase != .ended
        }
        if isNews { ended(self) }
        for opener in openers { opener.resume() }
        for tell in waiting { tell(end) }
    }

    private static let tooSlow = GraphQLError(
        "Events came faster than they were read.",
        extensions: ["code": .string("SUBSCRIBER_TOO_SLOW")]
    )
}
